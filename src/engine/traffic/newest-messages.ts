/**
 * `MlsApi.GetNewestGroupMessage`, which libxmtp calls at the beginning of every sync of everything to learn
 * when each conversation was last written to. libxmtp does not pass the times on, so they are read from its
 * traffic. docs/wire.md#newest-message has the field numbers.
 */
import { toHex } from '../../shared/hex.ts';
import { firstMessage } from '../../shared/grpc-web.ts';
import { readAllBytes, readBytes, readUint64 } from './protobuf-fields.ts';

export const newestMessagesMethod = 'GetNewestGroupMessage';

/** The groups that a request asks about (`group_ids`, 1), as hex ids. */
export function readAskedGroups(message: Uint8Array): readonly string[] {
  return readAllBytes(message, 1).map(toHex);
}

/** The newest message that the node has of a group. */
export interface NewestMessage {
  /** Nanoseconds by the node's clock. */
  readonly at: bigint;
  /** A commit changes the group: its members, their installations or its keys. */
  readonly isCommit: boolean;
}

/**
 * Newest messages by group id (hex). An answer has `responses` (1), each with a `group_message` (1), whose
 * `v1` (1) has `created_ns` (2), `group_id` (3) and `is_commit` (7). Groups without messages are left out.
 */
export function readNewestMessages(answer: Uint8Array): ReadonlyMap<string, NewestMessage> {
  const newest = new Map<string, NewestMessage>();
  const message = firstMessage(answer);
  if (message === null) return newest;
  for (const response of readAllBytes(message, 1)) {
    const groupMessage = readBytes(response, 1);
    const v1 = groupMessage === undefined ? undefined : readBytes(groupMessage, 1);
    if (v1 === undefined) continue;
    const at = readUint64(v1, 2);
    const groupId = readBytes(v1, 3);
    if (at === undefined || groupId === undefined) continue;
    newest.set(toHex(groupId), { at, isCommit: readUint64(v1, 7) === 1n });
  }
  return newest;
}
