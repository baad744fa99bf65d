import { create, toBinary } from '@bufbuild/protobuf';
import { expect, test, vi } from 'vitest';
import { GetNewestGroupMessageResponseSchema } from '../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { RecentFirst } from '../../../src/engine/operations/recent-first.ts';
import type { OperationContext } from '../../../src/engine/session.ts';
import { Evidence } from '../../../src/engine/traffic/evidence.ts';

const minute = 60_000;
const syncedAt = 1_790_000_000_000;

/** The node's answer where one group was last written to at this moment. */
function writtenAt(milliseconds: number): Uint8Array {
  const createdNs = BigInt(milliseconds) * 1_000_000n;
  const value = { id: 7n, createdNs, groupId: new Uint8Array([1, 2]) };
  const bytes = toBinary(
    GetNewestGroupMessageResponseSchema,
    create(GetNewestGroupMessageResponseSchema, {
      responses: [{ groupMessage: { version: { case: 'v1', value } } }],
    }),
  );
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  return frame;
}

test.each([
  ['long before the last sync', syncedAt - 60 * minute, 0],
  ['about when it was, by clocks that may differ', syncedAt - minute, 1],
  ['since then', syncedAt + minute, 1],
])('what was written to %s', async (_, at, looks) => {
  const index = vi.fn(() => ({ byId: new Map(), duplicates: new Map() }));
  const evidence = new Evidence();
  const context = { session: { pending: { index } }, evidence, emit: vi.fn() };
  const recent = new RecentFirst(context as unknown as OperationContext, {
    consent: ['allowed'],
    pinned: [],
    quietSince: syncedAt,
    further: 2,
  });
  await recent.passing('GetNewestGroupMessage', writtenAt(at));
  expect(index).toHaveBeenCalledTimes(looks);
  expect(evidence.progress.total).toBe(2);
});
