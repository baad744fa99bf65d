/**
 * What libxmtp's number of eligible conversations is made of. libxmtp counts groups: a one-to-one
 * conversation that a person sees once may have several, and device-sync groups are shown nowhere. The
 * groups that it counted stand in its request for their newest messages (docs/libxmtp.md#eligible-and-synced).
 */
import { firstMessage } from '../../shared/grpc-web.ts';
import { toHex } from '../../shared/hex.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { EligibleParts, KnownEligible } from '../../shared/run.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';
import type { CallWatcher } from '../traffic/evidence.ts';
import { newestMessagesMethod, readAskedGroups } from '../traffic/newest-messages.ts';

/** What tells the kinds of groups apart. */
export interface GroupKinds extends Pick<ConversationIndex, 'byId' | 'duplicates'> {
  /** Device-sync groups, as hex ids. */
  readonly deviceSync: ReadonlySet<string>;
}

export class EligibleGroups implements CallWatcher {
  /** libxmtp asks for a thousand groups a request, and repeats failed requests. */
  readonly #requests: Uint8Array<ArrayBuffer>[] = [];

  sending(method: string, body: Uint8Array | null): void {
    // libxmtp may reuse the memory once the request has left.
    if (method === newestMessagesMethod && body !== null) this.#requests.push(body.slice());
  }

  /**
   * @param eligible libxmtp's number.
   * @param known earlier results: the same groups have the same kinds.
   * @param kinds null where reading them would cost a sync with nothing new its speed.
   * @returns null where the parts are unknown or do not add up to libxmtp's number.
   */
  async parts(
    eligible: number,
    known: readonly KnownEligible[],
    kinds: (() => GroupKinds) | null,
  ): Promise<KnownEligible | null> {
    const groups = await fingerprintOf(this.#requests);
    const before = known.find((one) => one.groups === groups && totalOf(one.parts) === eligible);
    if (before !== undefined) return before;
    if (kinds === null) return null;
    const parts = countParts(new Set(this.#requests.flatMap(askedGroups)), kinds());
    return totalOf(parts) === eligible ? { groups, parts } : null;
  }
}

function askedGroups(body: Uint8Array<ArrayBuffer>): readonly string[] {
  const message = firstMessage(body);
  return message === null ? [] : readAskedGroups(message);
}

function countParts(asked: ReadonlySet<string>, kinds: GroupKinds): EligibleParts {
  const parts = { conversations: 0, deviceSync: 0, duplicates: 0, unidentified: 0 };
  for (const group of asked) parts[kindOf(group, kinds)]++;
  return parts;
}

function kindOf(group: string, { byId, duplicates, deviceSync }: GroupKinds): keyof EligibleParts {
  const id = group as ConversationId;
  if (byId.has(id)) return 'conversations';
  if (duplicates.has(id)) return 'duplicates';
  return deviceSync.has(group) ? 'deviceSync' : 'unidentified';
}

function totalOf(parts: EligibleParts): number {
  return parts.conversations + parts.deviceSync + parts.duplicates + parts.unidentified;
}

/** Equal for the same requests, whatever their order and number. */
async function fingerprintOf(requests: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const digests = await Promise.all(
    requests.map(async (body) =>
      toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body))),
    ),
  );
  return [...new Set(digests)].sort().join(' ');
}
