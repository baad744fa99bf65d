/**
 * One session with one document in one tab. Guarantees: every call is made in the document that the
 * session has marked, and an answer counts only if that document is still there; each call settles, at the
 * latest after its patience; after `end` nothing is asked any more and no answer counts.
 */
import * as v from 'valibot';
import { LockstepError } from '../../shared/errors.ts';
import type { PageWallet } from '../../shared/wallet-link.ts';
import type { PageAccess } from './page-access.ts';
import { markedDocumentSchema, readWallets, replySchema } from './page-answers.ts';

/** Milliseconds for announcements; wallets answer at once, and a busy page within a few tenths. */
const announcing = 400;
/** Milliseconds for calls that a wallet answers without its person. */
export const quickly = 20_000;
/** Milliseconds between looks whether the page is still there while its wallet is waited for. */
const watching = 1000;
/** JSON-RPC and EIP-1193 codes: what a wallet says when its person says no, or has another request open. */
const rejected = [4001, 4100];
const busy = -32002;

export class WalletSession {
  readonly id: string;
  readonly tabId: number;
  readonly origin: string;
  readonly wallets: readonly PageWallet[];
  readonly #pages: PageAccess;
  readonly #ended = new AbortController();

  private constructor(pages: PageAccess, id: string, tabId: number, found: Found) {
    this.#pages = pages;
    this.id = id;
    this.tabId = tabId;
    this.origin = found.origin;
    this.wallets = found.wallets;
  }

  /** Looks into the tab in front. Throws page_unreachable. */
  static async open(pages: PageAccess, id: string): Promise<WalletSession> {
    const tabId = await pages.activeTab();
    if (tabId === null) throw new LockstepError('page_unreachable', { detail: 'no tab' });
    try {
      const { origin } = v.parse(markedDocumentSchema, await pages.mark(tabId, id));
      const wallets = readWallets(await pages.findWallets(tabId, announcing));
      return new WalletSession(pages, id, tabId, { origin, wallets });
    } catch (error) {
      throw new LockstepError('page_unreachable', { detail: String(error), cause: error });
    }
  }

  /**
   * Asks a wallet and checks the form of its answer. Throws wallet_declined, wallet_busy, wallet_failed,
   * wallet_silent, wallet_gone (the page or its wallet), interrupted (after `end`).
   */
  async call<Schema extends v.GenericSchema>(
    walletId: string,
    method: string,
    params: readonly string[],
    schema: Schema,
    patience: number = quickly,
  ): Promise<v.InferOutput<Schema>> {
    await this.#requireDocument();
    const answer = await this.#inTime(
      this.#pages.ask(this.tabId, { walletId, method, params }),
      patience,
      method,
    );
    await this.#requireDocument();
    const reply = v.safeParse(replySchema, answer);
    if (!reply.success) throw failed(method, 'no answer of that form');
    if (reply.output.kind === 'gone') throw gone('no such wallet in this page');
    if (reply.output.kind === 'error') throw refusal(method, reply.output);
    const value = v.safeParse(schema, reply.output.value);
    if (!value.success) throw failed(method, 'an answer of another form');
    return value.output;
  }

  show(): Promise<void> {
    return this.#pages.show(this.tabId);
  }

  end(): void {
    this.#ended.abort();
  }

  async #requireDocument(): Promise<void> {
    if (this.#ended.signal.aborted) throw new LockstepError('interrupted');
    const marked = v.safeParse(
      markedDocumentSchema,
      await this.#pages.mark(this.tabId, null).catch(() => null),
    );
    if (!marked.success || marked.output.sessionId !== this.id) throw gone('the page has changed');
  }

  async #inTime(answer: Promise<unknown>, patience: number, method: string): Promise<unknown> {
    const settled = new AbortController();
    const ended = new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new LockstepError('interrupted'));
      this.#ended.signal.addEventListener('abort', stop, { signal: settled.signal });
      const late = () => reject(new LockstepError('wallet_silent', { detail: method }));
      const timer = setTimeout(late, patience);
      // Firefox never settles a call into a document that went while it was under way.
      const watch = setInterval(() => void this.#requireDocument().catch(reject), watching);
      settled.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        clearInterval(watch);
      });
      if (this.#ended.signal.aborted) stop();
    });
    try {
      return await Promise.race([answer, ended]);
    } catch (error) {
      throw error instanceof LockstepError ? error : gone(String(error));
    } finally {
      settled.abort();
    }
  }
}

interface Found {
  readonly origin: string;
  readonly wallets: readonly PageWallet[];
}

function refusal(
  method: string,
  { code, message }: { readonly code: number; readonly message: string },
): LockstepError {
  const detail = `${method}: ${code} ${message}`;
  if (rejected.includes(code)) return new LockstepError('wallet_declined', { detail });
  if (code === busy) return new LockstepError('wallet_busy', { detail });
  return new LockstepError('wallet_failed', { detail });
}

const failed = (method: string, what: string) =>
  new LockstepError('wallet_failed', { detail: `${method}: ${what}` });
const gone = (detail: string) => new LockstepError('wallet_gone', { detail });
