/**
 * Progress of joining conversations. libxmtp processes all welcomes, one by one and without a word, before it
 * fetches any message. On a new installation of a large inbox that takes a fifth of the whole sync.
 */
import { firstMessage } from '../../shared/grpc-web.ts';
import { countConversations } from '../conversations/find-conversations.ts';
import type { OperationContext } from '../session/session.ts';
import type { CallWatcher } from '../traffic/evidence.ts';
import { readAllBytes } from '../traffic/protobuf-fields.ts';

/** Milliseconds between two polls, and the least pause after a poll in multiples of its duration. */
const pollInterval = 300;
const restFactor = 30;

export class Joining implements CallWatcher {
  readonly #context: OperationContext;
  #welcomes = 0;
  #before = 0;
  #done = 0;
  #nextPoll = 0;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /**
   * Polls when libxmtp asks for the identities of the people it meets in welcomes. Welcomes that bring no
   * conversation (a sync group, one that cannot be decrypted) never count as done, so progress may end
   * short of the total.
   */
  passing(method: string, answer: Uint8Array): void {
    try {
      if (method === 'QueryWelcomeMessages') this.#countWelcomes(answer);
      else if (method.startsWith('GetIdentity') && this.#welcomes > 0) this.#poll();
    } catch {
      // Only progress is lost. libxmtp meets the same trouble next and reports it.
    }
  }

  /** `messages` (1) of the answer (network/proto/xmtp/mls/api/v1/mls.proto). */
  #countWelcomes(answer: Uint8Array): void {
    const message = firstMessage(answer);
    const welcomes = message === null ? 0 : readAllBytes(message, 1).length;
    if (welcomes === 0) return;
    if (this.#welcomes === 0) this.#before = countConversations(this.#context.session.client);
    this.#welcomes += welcomes;
    this.#nextPoll = Date.now() + pollInterval;
    this.#emit(Date.now());
  }

  #poll(): void {
    const began = Date.now();
    if (began < this.#nextPoll) return;
    const joined = countConversations(this.#context.session.client) - this.#before;
    const now = Date.now();
    this.#nextPoll = now + Math.max(pollInterval, (now - began) * restFactor);
    // Another installation's choices may remove conversations meanwhile; progress never goes back.
    this.#done = Math.max(this.#done, Math.min(joined, this.#welcomes));
    this.#emit(now);
  }

  #emit(at: number): void {
    const { evidence, emit } = this.#context;
    // These welcomes came in the middle, when messages were already being fetched.
    if (evidence.progress.done > 0) return;
    emit({ type: 'progress', part: 'joining', done: this.#done, total: this.#welcomes, at });
  }
}
