import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test, vi } from 'vitest';
import { GetNewestGroupMessageRequestSchema } from '../../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import type { ListedConversation } from '../../../../src/engine/conversations/find-conversations.ts';
import {
  EligibleGroups,
  type GroupKinds,
} from '../../../../src/engine/operations/eligible-groups.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { KnownEligible } from '../../../../src/shared/run.ts';

const method = 'GetNewestGroupMessage';
const id = (byte: number) => byte.toString(16).padStart(2, '0') as ConversationId;

/** libxmtp's question for groups whose ids are one byte each, in gRPC-web's framing. */
function question(...groups: readonly number[]): Uint8Array<ArrayBuffer> {
  const schema = GetNewestGroupMessageRequestSchema;
  const bytes = toBinary(
    schema,
    create(schema, { groupIds: groups.map((byte) => Uint8Array.of(byte)) }),
  );
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  return frame;
}

/** 1 to 6 are conversations, 7 and 8 stand behind 1 and 2, 9 is between the person's devices. */
const kinds = (): GroupKinds => ({
  byId: new Map([1, 2, 3, 4, 5, 6].map((one) => [id(one), {} as ListedConversation])),
  duplicates: new Map([
    [id(7), id(1)],
    [id(8), id(2)],
  ]),
  deviceSync: new Set([id(9)]),
});

function asked(...questions: readonly Uint8Array<ArrayBuffer>[]): EligibleGroups {
  const groups = new EligibleGroups();
  groups.sending('QueryWelcomeMessages', question(77));
  for (const one of questions) groups.sending(method, one);
  return groups;
}

const sixOfNine = { conversations: 6, deviceSync: 1, duplicates: 2, unidentified: 0 };

test('the groups that libxmtp asks about are what its number is made of', async () => {
  const found = await asked(question(1, 2, 3, 4, 5, 6, 7, 8, 9)).parts(9, [], kinds);
  expect(found?.parts).toEqual(sixOfNine);
});

test('a large inbox is asked for in several calls, and one that failed comes again', async () => {
  const first = question(1, 2, 3, 4);
  const second = question(5, 6, 7, 8, 9);
  const found = await asked(first, second, first).parts(9, [], kinds);
  expect(found?.parts).toEqual(sixOfNine);
  const again = await asked(second, first).parts(9, [], kinds);
  expect(again?.groups).toBe(found?.groups);
});

test('memory that is used again after the call changes nothing', async () => {
  const body = question(1, 2);
  const groups = asked(body);
  body.fill(0);
  expect((await groups.parts(2, [], kinds))?.parts.conversations).toBe(2);
});

test('a group that is in no list is said to be unidentified', async () => {
  const found = await asked(question(1, 9, 200)).parts(3, [], kinds);
  expect(found?.parts).toEqual({ conversations: 1, deviceSync: 1, duplicates: 0, unidentified: 1 });
});

test('parts that do not add up to libxmtp’s number are not told', async () => {
  expect(await asked(question(1, 9)).parts(3, [], kinds)).toBeNull();
  expect(await asked().parts(3, [], kinds)).toBeNull();
  const unseen = new EligibleGroups();
  unseen.sending(method, null);
  expect(await unseen.parts(1, [], kinds)).toBeNull();
});

test('the same groups need no look at the list; others are not known without one', async () => {
  const read = vi.fn(kinds);
  const found = await asked(question(1, 9)).parts(2, [], kinds);
  const known = [{ groups: 'others', parts: sixOfNine }, found] as KnownEligible[];
  expect(await asked(question(1, 9)).parts(2, known, read)).toEqual(found);
  expect(await asked(question(1, 9)).parts(2, known, null)).toEqual(found);
  expect(read).not.toHaveBeenCalled();
  expect(await asked(question(2, 9)).parts(2, known, null)).toBeNull();
  expect((await asked(question(2, 9)).parts(2, known, read))?.parts.deviceSync).toBe(1);
});
