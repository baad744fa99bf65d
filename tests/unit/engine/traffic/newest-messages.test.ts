import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { GetNewestGroupMessageResponseSchema } from '../../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { readNewestMessages } from '../../../../src/engine/traffic/newest-messages.ts';
import { ProtoReader } from '../../../../src/engine/traffic/proto-reader.ts';

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

test('nonsense ends the reading and throws nothing', () => {
  for (const bytes of [[0x0a, 0xff], [0xff, 0xff, 0xff], [0x0b], [0x0d, 1]]) {
    expect(new ProtoReader(new Uint8Array(bytes)).messages(1)).toEqual([]);
  }
});
