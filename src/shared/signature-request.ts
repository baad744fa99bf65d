/**
 * What waits for a signature of the inbox's signer. It is a record, so that any page can show it and any
 * start of the background knows of it; what is signed stays with libxmtp in the engine.
 */
import type { ErrorRecord } from './errors.ts';
import type { AccountId, Address, Milliseconds } from './ids.ts';

/** What XMTP allows an inbox (docs.xmtp.org, "Manage installations"). */
export const mostInstallations = 10;
export const mostIdentityUpdates = 256;

/** What the signature is for. */
export type SignaturePurpose = { readonly kind: 'register' };

/** What the network counts for this inbox before the signature takes effect. */
export interface InboxUsage {
  readonly installations: number;
  readonly updates: number;
}

/** A signature, as libxmtp takes it. */
export type Signature =
  /** EIP-191: r, s and v = 27 or 28. */
  | { readonly kind: 'ecdsa'; readonly bytes: Uint8Array }
  /** EIP-1271 or EIP-6492, checked by the node against the chain as it was at that block. */
  | {
      readonly kind: 'contract';
      readonly bytes: Uint8Array;
      readonly address: Address;
      readonly chainId: number;
      readonly blockNumber: bigint;
    };

export interface SignatureRequest {
  readonly id: string;
  readonly accountId: AccountId;
  readonly purpose: SignaturePurpose;
  /** Whose signature it must be. */
  readonly address: Address;
  readonly signer: 'local' | 'wallet';
  /** To be signed exactly so, as `personal_sign` does. */
  readonly text: string;
  readonly usage: InboxUsage;
  readonly createdAt: Milliseconds;
  readonly state:
    /** `problem`: why the last try brought no signature. Nothing was spent by it. */
    | { readonly kind: 'waiting'; readonly problem: ErrorRecord | null }
    /** A wallet has been asked and has not answered. */
    | { readonly kind: 'asking'; readonly since: Milliseconds };
}
