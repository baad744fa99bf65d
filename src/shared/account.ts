/** The account: whose inbox this is, on which network, who signs for it, how far its set-up has come. */
import type { ErrorRecord } from './errors.ts';
import type { EncryptedKey } from './encrypted-key.ts';
import type { AccountId, Address, InboxId, InstallationId, Milliseconds } from './ids.ts';
import type { NetworkChoice } from './network-choice.ts';

/** What is kept of a local account's key. By default nothing: it is asked for when it is needed. */
export type KeptKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'encrypted'; readonly key: EncryptedKey }
  /** From a version that kept it as it is; it signs until the person has chosen one of the others. */
  | { readonly kind: 'unprotected'; readonly privateKey: Uint8Array<ArrayBuffer> };

/** A key that was made or entered in Lockstep. */
export interface LocalSigner {
  readonly kind: 'local';
  readonly address: Address;
  readonly key: KeptKey;
}

/** A wallet in a web page. Its key never reaches Lockstep. */
export interface WalletSigner {
  readonly kind: 'wallet';
  readonly address: Address;
  /** As the wallet called itself, to recognise it by. */
  readonly walletName: string;
  /** Of a smart-contract wallet: the chain that its contract is on. Null for an ordinary key. */
  readonly chainId: number | null;
}

/** Who signs for the inbox. */
export type Signer = LocalSigner | WalletSigner;

/** A signer as pages see it: everything but an unprotected key. */
export type PublicSigner =
  | WalletSigner
  | (Omit<LocalSigner, 'key'> & {
      readonly key: Exclude<KeptKey, { kind: 'unprotected' }> | { readonly kind: 'unprotected' };
    });

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
  /** Compared at every opening: a different one means that the database was lost (docs/libxmtp.md#locked-opfs-opens-empty-database). */
  readonly installationId: InstallationId;
}

export type Account = RegisteringAccount | ReadyAccount;

interface AsPagesSee {
  readonly address: Address;
  readonly signer: PublicSigner;
}

/** An account as pages see it: everything but an unprotected key. */
export type PublicAccount =
  (Omit<RegisteringAccount, 'signer'> & AsPagesSee) | (Omit<ReadyAccount, 'signer'> & AsPagesSee);
