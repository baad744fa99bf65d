/**
 * `MlsApi.GetNewestGroupMessage`, which libxmtp asks at the beginning of every sync of everything: when
 * each conversation was last written to. It keeps the times to itself, so they are read from the answer
 * as it passes. Field numbers are the protocol's (../shared/xmtp-wire.md).
 */
import { toHex } from '../../shared/hex.ts';
import { firstMessage } from './grpc-web.ts';
import { ProtoReader } from './proto-reader.ts';

export const newestMessagesMethod = 'GetNewestGroupMessage';

/**
 * Server times in nanoseconds by group id (hex): `responses` (1), each with `group_message` (1), its
 * `v1` (1), and in that `created_ns` (2) and `group_id` (3). Groups without messages are left out.
 */
export function readNewestMessages(answer: Uint8Array): ReadonlyMap<string, bigint> {
  const times = new Map<string, bigint>();
  const message = firstMessage(answer);
  if (message === null) return times;
  for (const response of new ProtoReader(message).messages(1)) {
    const [groupMessage] = response.messages(1);
    const [v1] = groupMessage?.messages(1) ?? [];
    const createdNs = v1?.varint(2);
    const groupId = v1?.bytes(3);
    if (createdNs !== undefined && groupId !== undefined) times.set(toHex(groupId), createdNs);
  }
  return times;
}
