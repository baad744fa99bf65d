/** `--data`: nothing that was acknowledged is lost, whatever happens to the process. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataInUse, startLocalNetwork } from '../../network/index.ts';
import { IdentifierKind } from '../../network/gen/xmtp/identity/associations/association_pb.ts';
import { SortDirection } from '../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { startProcess, type NetworkProcess } from './support/process.ts';
import {
  connect,
  freshId,
  freshInboxId,
  idOf,
  keyPackage,
  protocols,
  send,
  textOf,
  welcome,
} from './support/wire.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(tmpdir(), 'lockstep-network-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const wireOf = ({ addresses }: NetworkProcess, index: number) =>
  connect({ addresses } as never, protocols[index % 2] ?? 'gRPC');

async function everything(network: NetworkProcess, groupId: Uint8Array) {
  const { mls } = wireOf(network, 0);
  const texts: string[] = [];
  const ids: bigint[] = [];
  let idCursor = 0n;
  do {
    const page = await mls.queryGroupMessages({
      groupId,
      pagingInfo: { direction: SortDirection.ASCENDING, idCursor },
    });
    texts.push(...page.messages.map(textOf));
    ids.push(...page.messages.map(idOf));
    idCursor = page.pagingInfo?.idCursor ?? 0n;
  } while (idCursor !== 0n);
  return { texts, ids };
}

test('killed in the middle of many writes, round after round, it has all that was acknowledged', async () => {
  const groups = [freshId(16), freshId(16), freshId(16)];
  const acknowledged = groups.map(() => new Set<string>());
  const archives = new Map<string, string>();
  let newest = 0n;
  for (let round = 0; round < 3; round++) {
    const network = await startProcess(['--data', data]);
    let isAlive = true;
    let count = 0;
    const write = async (writer: number) => {
      const { mls } = wireOf(network, writer);
      for (let i = 0; isAlive; i++) {
        const group = (writer + i) % groups.length;
        const text = `${round} ${writer} ${i} ${'x'.repeat(500 * (i % 7))}`;
        await send(mls, groups[group]!, text);
        acknowledged[group]!.add(text);
        if (++count === 150 + round * 40) network.child.kill('SIGKILL');
      }
    };
    const upload = async () => {
      for (let i = 0; isAlive; i++) {
        const body = `archive ${round} ${i} ${'y'.repeat(100_000)}`;
        const answer = await fetch(`${network.addresses.history}/upload`, { method: 'POST', body });
        archives.set(await answer.text(), body);
      }
    };
    const writers = [0, 1, 2, 3, 4, 5].map((writer) => write(writer));
    const all = Promise.allSettled([...writers, upload()]);
    expect(await network.ended).toBe('SIGKILL');
    isAlive = false;
    await all;
    // What a power cut in the middle of a frame leaves behind.
    appendFileSync(path.join(data, 'journal'), Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 5]));

    const again = await startProcess(['--data', data]);
    for (const [group, groupId] of groups.entries()) {
      const { texts, ids } = await everything(again, groupId);
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of acknowledged[group]!) expect(texts).toContain(text);
      expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    }
    // Ids go on where they were.
    const fresh = freshId(16);
    await send(wireOf(again, 0).mls, fresh, `after round ${round}`);
    const [id] = (await everything(again, fresh)).ids;
    expect(id).toBeGreaterThan(newest + BigInt(150));
    newest = id!;
    for (const [archive, body] of archives) {
      const found = await fetch(`${again.addresses.history}/files/${archive}`);
      expect(await found.text()).toBe(body);
    }
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  }
  expect(archives.size).toBeGreaterThan(0);
  expect(readdirSync(path.join(data, 'archives')).filter((name) => name.includes('unfin'))).toEqual(
    [],
  );
});

test('everything is there after a restart: keys, welcomes, commits, identities', async () => {
  const [key, group, inboxId] = [freshId(), freshId(16), freshInboxId()];
  const identifier = `0x${'a1'.repeat(20)}`;
  const first = await startLocalNetwork({ data });
  const before = connect(first, 'gRPC');
  const upload = { keyPackageTlsSerialized: new Uint8Array(keyPackage(key)) };
  await before.mls.uploadKeyPackage({ keyPackage: upload });
  await before.mls.sendWelcomeMessages({ messages: [welcome(key, 'welcome')] });
  await before.mls.batchPublishCommitLog({
    requests: [{ groupId: group, serializedCommitLogEntry: new Uint8Array([1]) }],
  });
  await before.identity.publishIdentityUpdate({
    identityUpdate: {
      inboxId,
      actions: [{ kind: { case: 'createInbox', value: { initialIdentifier: identifier } } }],
    },
  });
  await first.stop();

  const second = await startLocalNetwork({ data });
  const { mls, identity } = connect(second, 'gRPC-web');
  const { keyPackages } = await mls.fetchKeyPackages({ installationKeys: [key] });
  expect(Buffer.from(keyPackages[0]!.keyPackageTlsSerialized)).toEqual(keyPackage(key));
  expect((await mls.queryWelcomeMessages({ installationKey: key })).messages).toHaveLength(1);
  const { responses } = await mls.batchQueryCommitLog({ requests: [{ groupId: group }] });
  expect(responses[0]?.commitLogEntries).toHaveLength(1);
  const found = await identity.getInboxIds({
    requests: [{ identifier, identifierKind: IdentifierKind.ETHEREUM }],
  });
  expect(found.responses[0]?.inboxId).toBe(inboxId);
  const log = await identity.getIdentityUpdates({ requests: [{ inboxId }] });
  expect(log.responses[0]?.updates).toHaveLength(1);
  // Sent again, it is still known.
  await mls.sendWelcomeMessages({ messages: [welcome(key, 'welcome')] });
  expect((await mls.queryWelcomeMessages({ installationKey: key })).messages).toHaveLength(1);
  await second.stop();
});

test('one network at a time owns a directory; what a dead process held is taken over', async () => {
  const first = await startLocalNetwork({ data });
  await expect(startLocalNetwork({ data })).rejects.toBeInstanceOf(DataInUse);
  await first.stop();
  // No process has this number: it is above what any system gives.
  writeFileSync(path.join(data, 'lock'), '999999999');
  await (await startLocalNetwork({ data })).stop();
});
