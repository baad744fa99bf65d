/**
 * How far libxmtp is with its welcomes. It takes in all of them before it fetches any message, one after
 * the other, and says nothing meanwhile; on a new installation of a large inbox that is a fifth of the
 * whole sync.
 */
import { firstMessage } from '../../shared/grpc-web.ts';
import { countConversations } from '../conversations/find-conversations.ts';
import type { OperationContext } from '../session/session.ts';
import type { CallWatcher } from '../traffic/evidence.ts';
import { ProtoReader } from '../traffic/proto-reader.ts';

/** Milliseconds between two looks, and how many times as long as a look they are at least apart. */
const lookEvery = 300;
const sparing = 30;

export class Joining implements CallWatcher {
  readonly #context: OperationContext;
  #welcomes = 0;
  #before = 0;
  #done = 0;
  #nextLook = 0;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /**
   * Sees an answer before libxmtp does. While it takes welcomes in, it asks for the identities of whom it
   * meets: those are the moments to look. What brings no conversation (a sync group, a welcome that
   * cannot be opened) is not counted as done, so the number may end short of the total.
   */
  passing(method: string, answer: Uint8Array): void {
    try {
      if (method === 'QueryWelcomeMessages') this.#found(answer);
      else if (method.startsWith('GetIdentity') && this.#welcomes > 0) this.#look();
    } catch {
      // Only a number is missing. libxmtp meets the same trouble next, and says so.
    }
  }

  /** `messages` (1) of the answer (network/proto/xmtp/mls/api/v1/mls.proto). */
  #found(answer: Uint8Array): void {
    const message = firstMessage(answer);
    const welcomes = message === null ? 0 : new ProtoReader(message).messages(1).length;
    if (welcomes === 0) return;
    if (this.#welcomes === 0) this.#before = countConversations(this.#context.session.client);
    this.#welcomes += welcomes;
    this.#nextLook = Date.now() + lookEvery;
    this.#tell(Date.now());
  }

  #look(): void {
    const began = Date.now();
    if (began < this.#nextLook) return;
    const joined = countConversations(this.#context.session.client) - this.#before;
    const now = Date.now();
    this.#nextLook = now + Math.max(lookEvery, (now - began) * sparing);
    // Somebody else's choice may take conversations away meanwhile; what is done stays done.
    this.#done = Math.max(this.#done, Math.min(joined, this.#welcomes));
    this.#tell(now);
  }

  #tell(at: number): void {
    const { evidence, emit } = this.#context;
    // Messages are fetched already: these welcomes came in the middle.
    if (evidence.progress.done > 0) return;
    emit({ type: 'progress', part: 'joining', done: this.#done, total: this.#welcomes, at });
  }
}
