/**
 * Keeps the snapshot that the popup opens with (`shared/popup-snapshot.ts`). Guarantees: snapshots are taken
 * one at a time, at most one in `debounce`, and only after a change of what they show; one that is as the
 * last is not written. What hides a conversation commits while no snapshot of it exists or is being taken.
 */
import { SerialQueue } from '../../shared/concurrency/serial-queue.ts';
import { encodePopupSnapshot, type PopupSnapshot } from '../../shared/popup-snapshot.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { HidingGuard } from '../../store/hiding.ts';
import type { StoreChange, StoreTopic } from '../../store/reader.ts';

/** Where the snapshot is kept; `platform/` gives it. What is asked later happens later. */
export interface SnapshotStorage {
  put(snapshot: string): Promise<void>;
  remove(): Promise<void>;
}

export interface PopupSnapshotsOptions {
  /** A snapshot of what the store has; null while there is no account to show. */
  readonly read: () => Promise<PopupSnapshot | null>;
  readonly storage: SnapshotStorage;
}

/** Milliseconds: during a large sync every commit changes the list, and nobody opens popups faster. */
const debounce = 250;

/** Milliseconds: opening the engine and a sync, which is what mostly wakes the background, come first. */
export const pauseAfterStart = 2000;

const shown: readonly StoreTopic[] = ['account', 'settings', 'conversations', 'pins'];

export class PopupSnapshots {
  readonly #options: PopupSnapshotsOptions;
  /** The last snapshot; null where there is none, undefined while the previous process may have left one. */
  #snapshot:
    { readonly text: string; readonly ids: ReadonlySet<ConversationId> } | null | undefined;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #due = 0;
  readonly #writing = new SerialQueue();
  #hiding = 0;
  /** Counts what was hidden: a reading from before then must not become a snapshot. */
  #hidden = 0;

  constructor(options: PopupSnapshotsOptions) {
    this.#options = options;
  }

  /** Hears of every commit. */
  changed({ topics }: Pick<StoreChange, 'topics'>): void {
    if (topics.some((topic) => shown.includes(topic))) this.soon();
  }

  /** Takes a snapshot in a while, in which more may change. */
  soon(wait = debounce): void {
    const due = Date.now() + wait;
    if (this.#timer !== null && this.#due <= due) return;
    clearTimeout(this.#timer ?? undefined);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // Whatever failed shows where it is read for its own sake, and the next change tries again.
      this.#writing.add(() => this.#make()).catch(() => undefined);
    }, wait);
  }

  /** For the store: no snapshot shows what a commit hides, whatever ends in between. */
  readonly hide: HidingGuard = async (isHidden, commit) => {
    this.#hiding++;
    this.#hidden++;
    try {
      if (this.#mayShow(isHidden)) await this.#remove();
      return await commit();
    } finally {
      this.#hiding--;
      this.soon();
    }
  };

  #mayShow(isHidden: (id: ConversationId) => boolean): boolean {
    if (this.#snapshot === null) return false;
    return this.#snapshot === undefined || [...this.#snapshot.ids].some(isHidden);
  }

  /** After what is being written, which would come back otherwise. */
  async #remove(): Promise<void> {
    await this.#writing.settled();
    // What the person chose is worth more than a snapshot that cannot be removed.
    const isGone = await this.#options.storage.remove().then(
      () => true,
      () => false,
    );
    this.#snapshot = isGone ? null : undefined;
  }

  async #make(): Promise<void> {
    const { read, storage } = this.#options;
    const before = this.#hidden;
    const screen = await read();
    // Its end asks for another snapshot.
    if (this.#hiding > 0) return;
    if (this.#hidden !== before) return this.soon();
    if (screen === null) {
      if (this.#snapshot !== null) await storage.remove();
      this.#snapshot = null;
      return;
    }
    const text = encodePopupSnapshot(screen);
    if (text === this.#snapshot?.text) return;
    // Set first: what is hidden from now on waits until it lies there, and takes it away.
    this.#snapshot = { text, ids: new Set(screen.rows.map(({ id }) => id)) };
    await storage.put(text).catch((error: unknown) => {
      this.#snapshot = undefined;
      throw error;
    });
  }
}
