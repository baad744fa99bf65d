/**
 * libxmtp's streams. They are hints: when one announces something, it is in libxmtp's database already, and the
 * store reads it from there. Streams never reconnect and do not notice a network that goes silent
 * (docs/libxmtp.md#streams).
 */
import { ConsentState, type Message, type StreamCloser } from '@xmtp/wasm-bindings';
import type { StreamsEnd } from '../../shared/engine-protocol.ts';
import type { Session } from './session.ts';

/** The methods that libxmtp calls; which ones depends on the stream. */
interface StreamCallback {
  on_message?(message: Message): void;
  on_conversation?(conversation: { id(): string }): void;
  on_consent_update?(): void;
  on_user_preference_update?(): void;
  on_message_deleted?(message: { readonly conversationId?: string }): void;
  on_error(error: unknown): void;
  on_close(): void;
}

export class Streams {
  readonly #touched: () => void;
  #open: StreamCloser[] = [];
  #end: ((end: StreamsEnd) => void) | null = null;
  #ended: Promise<StreamsEnd> = Promise.resolve({ reason: 'stopped' });

  /** @param touched called when something arrived. */
  constructor(touched: () => void) {
    this.#touched = touched;
  }

  /** Settles when the streams end; at once where none are open. */
  get ended(): Promise<StreamsEnd> {
    return this.#ended;
  }

  /** Ends open streams, then opens all of them. Throws what libxmtp throws. */
  async start({ client, pending }: Session): Promise<void> {
    await this.stop();
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    const ends = {
      on_error: (error: unknown) => this.#lose(String(error)),
      on_close: () => this.#lose('the stream was closed'),
    };
    const conversations = client.conversations();
    const somewhere = () => {
      pending.addUnknown();
      this.#touched();
    };
    const at = (conversationId: string | undefined) => {
      if (conversationId === undefined) pending.addUnknown();
      else pending.addConversation(conversationId);
      this.#touched();
    };
    const callback = (own: Omit<StreamCallback, keyof typeof ends>): StreamCallback => ({
      ...own,
      ...ends,
    });
    try {
      this.#open = [
        conversations.stream(
          callback({
            on_conversation: (conversation) => {
              // This may activate an imported conversation, which is listed already.
              pending.addUnknown();
              at(conversation.id());
            },
          }),
        ),
        conversations.streamAllMessages(
          callback({ on_message: ({ convoId }) => at(convoId) }),
          null,
          [ConsentState.Allowed],
        ),
        conversations.streamPreferences(callback({ on_user_preference_update: somewhere })),
        conversations.streamMessageDeletions(
          callback({ on_message_deleted: ({ conversationId }) => at(conversationId) }),
        ),
      ];
      await Promise.all(this.#open.map((stream) => stream.waitForReady()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends open streams. Nothing is lost: a later start goes on where these ended. */
  async stop(): Promise<void> {
    this.#finish({ reason: 'stopped' });
    const open = this.#open;
    this.#open = [];
    for (const stream of open) stream.end();
  }

  #lose(detail: string): void {
    this.#finish({ reason: 'lost', detail });
  }

  #finish(end: StreamsEnd): void {
    const settle = this.#end;
    this.#end = null;
    settle?.(end);
  }
}
