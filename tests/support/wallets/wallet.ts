/** Wallets as a web page has them: EIP-1193 calls, answered here with real keys. */
import { randomBytes } from 'node:crypto';
import { addressOf, signText } from '../../../network/population/peer.ts';

/** What `request` rejects with. */
export class WalletError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Wallet {
  readonly uuid: string;
  name: string;
  icon: string;
  readonly address: string;
  readonly privateKey: Uint8Array;
  /** Every call that arrived, oldest first. */
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[];
  /** Answers a call; tests replace methods to misbehave. */
  readonly methods: Record<string, (...params: readonly string[]) => unknown>;
}

let uuids = 0;

/** An honest wallet with an ordinary account that says yes to everything. */
export function createWallet(name: string, key: Uint8Array = randomBytes(32)): Wallet {
  const address = addressOf(key);
  return {
    uuid: `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}`,
    name,
    icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#37c"/></svg>',
    address,
    privateKey: key,
    calls: [],
    methods: {
      eth_requestAccounts: () => [address],
      eth_accounts: () => [address],
      eth_chainId: () => '0x1',
      eth_blockNumber: () => '0x12d687',
      eth_getCode: () => '0x',
      personal_sign: (message = '') => toHex(signText(textOf(message), key)),
    },
  };
}

/** The text of a `personal_sign`. */
export function textOf(message: string): string {
  return Buffer.from(message.replace(/^0x/, ''), 'hex').toString('utf8');
}

export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

export async function answer(wallet: Wallet, method: string, params: readonly string[]) {
  wallet.calls.push({ method, params });
  const handler = wallet.methods[method];
  if (handler === undefined) throw new WalletError(4200, `${method} is not supported`);
  return handler(...params);
}

export const rejected = () => {
  throw new WalletError(4001, 'User rejected the request.');
};
export const never = () => new Promise<never>(() => undefined);
