/**
 * `MlsApi.GetNewestGroupMessage`, which libxmtp asks at the beginning of every sync of everything: when
 * each conversation was last written to. It keeps the times to itself, so they are read from the answer
 * as it passes. Field numbers are the protocol's (docs/wire.md#newest-message).
 */
import { toHex } from '../../shared/hex.ts';
import { firstMessage } from '../../shared/grpc-web.ts';
import { ProtoReader } from './proto-reader.ts';

export const newestMessagesMethod = 'GetNewestGroupMessage';

/** The groups that a request asks about (`group_ids`, 1), as hex ids. */
export function readAskedGroups(message: Uint8Array): readonly string[] {
  return new ProtoReader(message).allBytes(1).map(toHex);
}

/** The last thing that a group has on the node. */
export interface NewestMessage {
  /** The node's time, in nanoseconds. */
  readonly at: bigint;
  /** A commit changes the group: who is in it, with which installations and keys. */
  readonly isCommit: boolean;
}

/**
 * By group id (hex): `responses` (1), each with `group_message` (1), its `v1` (1), and in that
 * `created_ns` (2), `group_id` (3) and `is_commit` (7). Groups without messages are left out.
 */
export function readNewestMessages(answer: Uint8Array): ReadonlyMap<string, NewestMessage> {
  const newest = new Map<string, NewestMessage>();
  const message = firstMessage(answer);
  if (message === null) return newest;
  for (const response of new ProtoReader(message).messages(1)) {
    const [groupMessage] = response.messages(1);
    const [v1] = groupMessage?.messages(1) ?? [];
    const at = v1?.varint(2);
    const groupId = v1?.bytes(3);
    if (at === undefined || groupId === undefined) continue;
    newest.set(toHex(groupId), { at, isCommit: v1?.varint(7) === 1n });
  }
  return newest;
}
