/** The account: whose inbox this is, on which network, and how far its set-up has come. */
import type { ErrorRecord } from './errors.ts';
import type { AccountId, Address, InboxId, InstallationId, Milliseconds } from './ids.ts';
import type { NetworkChoice } from './network-choice.ts';

/**
 * Who signs for the inbox. A local account's key is made here and never leaves this browser profile;
 * wallets come with their own issue and get a kind of their own.
 */
export interface LocalSigner {
  readonly kind: 'local';
  readonly address: Address;
  /** 32 bytes, secp256k1. Kept out of everything that pages show. */
  readonly privateKey: Uint8Array<ArrayBuffer>;
}

export type Signer = LocalSigner;

/** The steps of a registration, in order; each is recorded before it starts. */
export const registrationSteps = ['preparing', 'opening', 'signing', 'registering'] as const;
export type RegistrationStep = (typeof registrationSteps)[number];

interface AccountBase {
  readonly id: AccountId;
  readonly network: NetworkChoice;
  readonly signer: Signer;
  /** Name of libxmtp's database file in OPFS; one for each account, never reused. */
  readonly databaseName: string;
  readonly createdAt: Milliseconds;
}

export interface RegisteringAccount extends AccountBase {
  readonly phase: 'registering';
  readonly step: RegistrationStep;
  /** Why the last try stopped; null while one is under way. */
  readonly error: ErrorRecord | null;
}

export interface ReadyAccount extends AccountBase {
  readonly phase: 'ready';
  readonly inboxId: InboxId;
  /** Compared at every opening: a different one means that the database was lost (trap B). */
  readonly installationId: InstallationId;
}

export type Account = RegisteringAccount | ReadyAccount;

/** An account as pages see it: everything but the key. */
export type PublicAccount =
  | (Omit<RegisteringAccount, 'signer'> & { readonly address: Address })
  | (Omit<ReadyAccount, 'signer'> & { readonly address: Address });
