/**
 * Signatures of the inbox's signer: what needs one asks here and waits. Guarantees: one request at a time;
 * it is in the store from before anybody is asked until it is signed or given up; a signature that does
 * not serve leaves the request waiting and spends nothing.
 */
import type { Account } from '../../shared/account.ts';
import { LockstepError } from '../../shared/errors.ts';
import { addressOf, signText } from '../../shared/ethereum.ts';
import type { AccountId } from '../../shared/ids.ts';
import type {
  Signature,
  SignaturePurpose,
  SignatureRequest,
} from '../../shared/signature-request.ts';
import type { Store } from '../../store/write.ts';
import type { Engine } from '../connection/engine.ts';
import type { SigningKeyMemory } from './signing-key.ts';

export interface SignaturesOptions {
  readonly owned: Store['owned'];
  readonly keys: SigningKeyMemory;
  readonly now: () => number;
}

interface Waiting {
  readonly request: SignatureRequest;
  /** Throws signature_wrong, contract_signature_refused. */
  readonly add: (signature: Signature) => Promise<void>;
  readonly end: (error: LockstepError | null) => void;
}

/** Milliseconds in which a person finds their wallet or their recovery phrase. */
const patience = 15 * 60_000;

export class Signatures {
  readonly #options: SignaturesOptions;
  #waiting: Waiting | null = null;

  constructor(options: SignaturesOptions) {
    this.#options = options;
  }

  /**
   * Asks the signer and waits. Answers the engine's request with the signature in it, ready to be applied;
   * null where nothing has to be signed. Throws signature_timeout, interrupted, and the limits.
   */
  async obtain(
    engine: Engine,
    account: Account,
    purpose: SignaturePurpose,
  ): Promise<string | null> {
    const { owned, now } = this.#options;
    const asked = await engine.call('requestSignature', { purpose });
    if (asked === null) return null;
    const { signer, id: accountId } = account;
    const request: SignatureRequest = {
      ...asked,
      accountId,
      purpose,
      address: signer.address,
      signer: signer.kind,
      createdAt: now(),
      state: { kind: 'waiting', problem: null },
    };
    await owned.signatureRequest.put(request);
    try {
      const add = async (signature: Signature) => {
        await engine.call('addSignature', { id: asked.id, signature });
      };
      const key = await this.#keyOf(account);
      if (key !== null) await add({ kind: 'ecdsa', bytes: signText(key, asked.text) });
      else await this.#wait(request, add);
      return asked.id;
    } finally {
      await owned.signatureRequest.delete();
    }
  }

  /** The request that waits. Throws interrupted where it is another one or none. */
  waiting(id: string): SignatureRequest {
    return this.#waitingAs(id).request;
  }

  /** Signs with a key that is used once and forgotten. Throws wrong_signer, interrupted. */
  async signWith(id: string, privateKey: Uint8Array): Promise<void> {
    const { request } = this.#waitingAs(id);
    if (addressOf(privateKey) !== request.address) throw new LockstepError('wrong_signer');
    await this.fulfil(id, { kind: 'ecdsa', bytes: signText(privateKey, request.text) });
  }

  /** Throws signature_wrong and contract_signature_refused, and then the request still waits. */
  async fulfil(id: string, signature: Signature): Promise<void> {
    const waiting = this.#waitingAs(id);
    await waiting.add(signature);
    waiting.end(null);
  }

  /** Records what has become of asking for it. */
  async mark(id: string, state: SignatureRequest['state']): Promise<void> {
    const { request } = this.#waitingAs(id);
    await this.#options.owned.signatureRequest.put({ ...request, state });
  }

  /** Keeps a new account's key until `forget`, so that its registration need not ask. */
  remember(accountId: AccountId, privateKey: Uint8Array): Promise<void> {
    return this.#options.keys.keep(accountId, privateKey);
  }

  forget(): Promise<void> {
    return this.#options.keys.forget();
  }

  /** Gives the request up, for an account that goes away. */
  cancel(): void {
    this.#waiting?.end(new LockstepError('interrupted'));
  }

  #waitingAs(id: string): Waiting {
    if (this.#waiting?.request.id === id) return this.#waiting;
    throw new LockstepError('interrupted', { detail: 'this signature is not waited for any more' });
  }

  async #wait(request: SignatureRequest, add: Waiting['add']): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const end = (error: LockstepError | null) => {
          if (error === null) resolve();
          else reject(error);
        };
        this.#waiting = { request, add, end };
        timer = setTimeout(() => end(new LockstepError('signature_timeout')), patience);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting = null;
    }
  }

  /** Where nobody has to be asked. */
  async #keyOf({ id, signer }: Account): Promise<Uint8Array | null> {
    if (signer.kind === 'wallet') return null;
    if (signer.key.kind === 'unprotected') return signer.key.privateKey;
    return this.#options.keys.read(id);
  }
}
