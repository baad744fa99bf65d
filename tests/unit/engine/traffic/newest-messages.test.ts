import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { GetNewestGroupMessageResponseSchema } from '../../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { readNewestMessages } from '../../../../src/engine/traffic/newest-messages.ts';

test('answers of the node are read as its own descriptors write them', () => {
  const bytes = toBinary(
    GetNewestGroupMessageResponseSchema,
    create(GetNewestGroupMessageResponseSchema, {
      responses: [
        {},
        {
          groupMessage: {
            version: {
              case: 'v1',
              value: {
                id: 7n,
                createdNs: 1_790_000_000_000_000_000n,
                groupId: new Uint8Array([1, 2]),
                data: new Uint8Array(300),
              },
            },
          },
        },
        {
          groupMessage: {
            version: {
              case: 'v1',
              value: { id: 8n, createdNs: 5n, groupId: new Uint8Array([3]), isCommit: true },
            },
          },
        },
      ],
    }),
  );
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  expect([...readNewestMessages(frame)]).toEqual([
    ['0102', { at: 1_790_000_000_000_000_000n, isCommit: false }],
    ['03', { at: 5n, isCommit: true }],
  ]);
  expect([...readNewestMessages(new Uint8Array())]).toEqual([]);
});

test('a truncated answer gives what comes before the cut', () => {
  const schema = GetNewestGroupMessageResponseSchema;
  const response = (groupId: number) => ({
    groupMessage: {
      version: { case: 'v1' as const, value: { createdNs: 5n, groupId: Uint8Array.of(groupId) } },
    },
  });
  const bytes = toBinary(schema, create(schema, { responses: [response(1), response(2)] }));
  const cut = bytes.subarray(0, -1);
  const frame = new Uint8Array(5 + cut.length);
  new DataView(frame.buffer).setUint32(1, cut.length);
  frame.set(cut, 5);
  expect([...readNewestMessages(frame).keys()]).toEqual(['01']);
});
