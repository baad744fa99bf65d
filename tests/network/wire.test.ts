/** What a node promises of ids, order, paging, deduplication and limits, over both RPC ports. */
import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PagingInfoSchema, SortDirection } from '../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import {
  connect,
  freshId,
  groupMessage,
  idOf,
  keyPackage,
  mlsMessage,
  protocols,
  send,
  textOf,
  useNetwork,
  welcome,
  type Wire,
} from './support/wire.ts';

const network = useNetwork();
const { ASCENDING, DESCENDING } = SortDirection;
const texts = (count: number) => Array.from({ length: count }, (_, i) => `message ${i}`);

async function page(
  { mls }: Wire,
  groupId: Uint8Array,
  direction: SortDirection,
  limit = 0,
  idCursor = 0n,
) {
  const pagingInfo = create(PagingInfoSchema, { direction, limit, idCursor });
  const answer = await mls.queryGroupMessages({ groupId, pagingInfo });
  return {
    texts: answer.messages.map(textOf),
    ids: answer.messages.map(idOf),
    paging: answer.pagingInfo,
  };
}

describe.each(protocols)('over %s', (protocol) => {
  test('ids ascend in order of arrival, and each message has its time and its group', async () => {
    const wire = connect(network.current, protocol);
    const [first, second] = [freshId(16), freshId(16)];
    await send(wire.mls, first, 'a', 'b');
    await send(wire.mls, second, 'c');
    await send(wire.mls, first, 'd');
    const { messages } = await wire.mls.queryGroupMessages({
      groupId: first,
      pagingInfo: { direction: ASCENDING },
    });
    expect(messages.map(textOf)).toEqual(['a', 'b', 'd']);
    const { messages: others } = await wire.mls.queryGroupMessages({ groupId: second });
    const ids = [...messages.slice(0, 2), ...others, ...messages.slice(2)].map(idOf);
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(4);
    for (const { version } of messages) {
      if (version.case !== 'v1') throw new Error('not v1');
      expect(Buffer.from(version.value.groupId)).toEqual(Buffer.from(first));
      const age = Date.now() - Number(version.value.createdNs / 1_000_000n);
      expect(Math.abs(age)).toBeLessThan(600_000);
    }
  });

  test('pages ascend and descend, with a cursor until nothing follows', async () => {
    const wire = connect(network.current, protocol);
    const group = freshId(16);
    await send(wire.mls, group, ...texts(7));
    const first = await page(wire, group, ASCENDING, 3);
    expect(first.texts).toEqual(texts(7).slice(0, 3));
    expect(first.paging).toMatchObject({ direction: ASCENDING, limit: 3, idCursor: first.ids[2] });
    const second = await page(wire, group, ASCENDING, 3, first.paging?.idCursor);
    const third = await page(wire, group, ASCENDING, 3, second.paging?.idCursor);
    expect([...second.texts, ...third.texts]).toEqual(texts(7).slice(3));
    expect(third.paging?.idCursor).toBe(0n);
    const newest = await page(wire, group, DESCENDING, 4);
    expect(newest.texts).toEqual(texts(7).slice(3).toReversed());
    const oldest = await page(wire, group, DESCENDING, 4, newest.paging?.idCursor);
    expect(oldest.texts).toEqual(texts(7).slice(0, 3).toReversed());
    expect(oldest.paging?.idCursor).toBe(0n);
  });

  test('a page has a hundred messages by default and at most; the newest come first where no direction is named', async () => {
    const wire = connect(network.current, protocol);
    const group = freshId(16);
    await send(wire.mls, group, ...texts(130));
    expect((await page(wire, group, ASCENDING)).texts).toEqual(texts(130).slice(0, 100));
    expect((await page(wire, group, ASCENDING, 1000)).texts).toHaveLength(100);
    const { messages, pagingInfo } = await wire.mls.queryGroupMessages({ groupId: group });
    expect(messages.map(textOf)).toEqual(texts(130).toReversed().slice(0, 100));
    expect(pagingInfo).toMatchObject({ direction: DESCENDING, limit: 100 });
    expect((await page(wire, group, ASCENDING, 5, 2n ** 64n - 1n)).texts).toEqual([]);
  });

  test('whatever is written and however it is paged, every message comes once and in order', async () => {
    const wire = connect(network.current, protocol);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 110 }),
        fc.constantFrom(ASCENDING, DESCENDING),
        async (count, limit, direction) => {
          const group = freshId(16);
          if (count > 0) await send(wire.mls, group, ...texts(count));
          const found: string[] = [];
          let cursor = 0n;
          do {
            const next = await page(wire, group, direction, limit, cursor);
            found.push(...next.texts);
            cursor = next.paging?.idCursor ?? 0n;
          } while (cursor !== 0n);
          const expected = direction === ASCENDING ? texts(count) : texts(count).toReversed();
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('the same bytes are stored once for a group, and once for an installation', async () => {
    const wire = connect(network.current, protocol);
    const [group, other, key] = [freshId(16), freshId(16), freshId()];
    await send(wire.mls, group, 'same', 'same');
    await send(wire.mls, group, 'same', 'other');
    await send(wire.mls, other, 'same');
    expect((await page(wire, group, ASCENDING)).texts).toEqual(['same', 'other']);
    expect((await page(wire, other, ASCENDING)).texts).toEqual(['same']);
    for (let i = 0; i < 2; i++) {
      await wire.mls.sendWelcomeMessages({ messages: [welcome(key, 'w'), welcome(key, 'w')] });
    }
    const welcomes = await wire.mls.queryWelcomeMessages({ installationKey: key });
    expect(welcomes.messages).toHaveLength(1);
  });

  test('commits are marked, and only those', async () => {
    const { mls } = connect(network.current, protocol);
    const group = freshId(16);
    for (const contentType of [1, 2, 3]) {
      const data = new Uint8Array(mlsMessage(group, `type ${contentType}`, contentType));
      await mls.sendGroupMessages({ messages: [groupMessage(data)] });
    }
    const { messages } = await mls.queryGroupMessages({
      groupId: group,
      pagingInfo: { direction: ASCENDING },
    });
    const marks = messages.map(({ version }) => version.case === 'v1' && version.value.isCommit);
    expect(marks).toEqual([false, false, true]);
  });

  test('the newest message of each group, in order, with its payload only when asked for', async () => {
    const { mls } = connect(network.current, protocol);
    const [first, silent, second] = [freshId(16), freshId(16), freshId(16)];
    await send(mls, first, 'a', 'b');
    await send(mls, second, 'c');
    const groupIds = [second, silent, first];
    const whole = await mls.getNewestGroupMessage({ groupIds, includeContent: true });
    expect(whole.responses.map(({ groupMessage: found }) => found && textOf(found))).toEqual([
      'c',
      undefined,
      'b',
    ]);
    const bare = await mls.getNewestGroupMessage({ groupIds });
    expect(bare.responses.map(({ groupMessage: found }) => found && idOf(found))).toEqual(
      whole.responses.map(({ groupMessage: found }) => found && idOf(found)),
    );
    const [message] = bare.responses;
    expect(message?.groupMessage?.version.value?.data).toHaveLength(0);
    const many = Array.from({ length: 1000 }, () => first);
    expect((await mls.getNewestGroupMessage({ groupIds: many })).responses).toHaveLength(1000);
  });

  test('key packages: the newest replaces the older, in the order that was asked for', async () => {
    const { mls } = connect(network.current, protocol);
    const [first, unknown, second] = [freshId(), freshId(), freshId()];
    const upload = (key: Uint8Array, initKey: string) => ({
      keyPackage: { keyPackageTlsSerialized: new Uint8Array(keyPackage(key, initKey)) },
    });
    const { installationKey } = await mls.registerInstallation(upload(first, 'old'));
    expect(Buffer.from(installationKey)).toEqual(Buffer.from(first));
    await mls.uploadKeyPackage(upload(second, 'two'));
    await mls.uploadKeyPackage(upload(first, 'new'));
    const { keyPackages } = await mls.fetchKeyPackages({
      installationKeys: [second, unknown, first],
    });
    expect(
      keyPackages.map((found) => Buffer.from(found.keyPackageTlsSerialized).toString('hex')),
    ).toEqual([
      keyPackage(second, 'two').toString('hex'),
      '',
      keyPackage(first, 'new').toString('hex'),
    ]);
  });

  test('the commit log: ten entries and twenty questions a call, in order', async () => {
    const { mls } = connect(network.current, protocol);
    const group = freshId(16);
    const entries = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        groupId: group,
        serializedCommitLogEntry: Buffer.from(`entry ${i}`),
        signature: { bytes: new Uint8Array(64), publicKey: new Uint8Array(32) },
      }));
    await mls.batchPublishCommitLog({ requests: entries(10) });
    await expect(mls.batchPublishCommitLog({ requests: entries(11) })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    const question = { groupId: group, pagingInfo: { limit: 4 } };
    const { responses } = await mls.batchQueryCommitLog({ requests: [question] });
    const [first] = responses;
    expect(
      first?.commitLogEntries.map((entry) =>
        Buffer.from(entry.serializedCommitLogEntry).toString(),
      ),
    ).toEqual(['entry 0', 'entry 1', 'entry 2', 'entry 3']);
    const cursor = first?.pagingInfo?.idCursor;
    expect(cursor).toBe(first?.commitLogEntries[3]?.sequenceId);
    const twenty = Array.from({ length: 20 }, () => question);
    expect((await mls.batchQueryCommitLog({ requests: twenty })).responses).toHaveLength(20);
    await expect(
      mls.batchQueryCommitLog({ requests: [...twenty, question] }),
    ).rejects.toMatchObject({ code: Code.InvalidArgument });
  });

  test('a message of a megabyte is taken, and a longer one is not', async () => {
    const wire = connect(network.current, protocol);
    const group = freshId(16);
    const overhead = mlsMessage(group, 'x'.repeat(20_000)).length - 20_000;
    await send(wire.mls, group, 'x'.repeat(1024 * 1024 - overhead));
    await expect(
      send(wire.mls, group, 'x'.repeat(1024 * 1024 - overhead + 1)),
    ).rejects.toMatchObject({ code: Code.InvalidArgument });
    expect((await page(wire, group, ASCENDING)).texts).toHaveLength(1);
  });
});
