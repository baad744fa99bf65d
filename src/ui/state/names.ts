/** Which address an inbox is known by, gathered from members of conversations as they are needed. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Address, ConversationId, InboxId } from '../../shared/ids.ts';
import type { StoreReader } from '../../store/reader.ts';
import { shortId } from '../text/ids.ts';

export interface Names {
  /** Changes whenever more names are known; read it to be drawn again. */
  readonly version: ReadonlySignal<number>;
  /** The inbox's address, else its id, shortened. */
  nameOf(id: InboxId): string;
  /** Reads a conversation's members once. */
  learn(id: ConversationId): void;
}

export function createNames(reader: Pick<StoreReader, 'members'>): Names {
  const version = signal(0);
  const addresses = new Map<InboxId, Address>();
  const asked = new Set<ConversationId>();
  return {
    version,
    nameOf: (id) => shortId(addresses.get(id) ?? id),
    learn(id) {
      if (asked.has(id)) return;
      asked.add(id);
      reader.members(id).then(
        (members) => {
          const before = addresses.size;
          for (const {
            inboxId,
            addresses: [address],
          } of members) {
            if (address !== undefined) addresses.set(inboxId, address);
          }
          // Unknown yet: the members may come with the conversation's first sync.
          if (members.length === 0) asked.delete(id);
          if (addresses.size > before) version.value++;
        },
        // Only names are lost, and ids stand in for them; the next look asks again.
        () => asked.delete(id),
      );
    },
  };
}
