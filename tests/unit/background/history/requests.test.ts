import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { HistoryRequests } from '../../../../src/background/history/requests.ts';
import { answerTo, waitAfter } from '../../../../src/background/history/request-plan.ts';
import { isWaitedFor } from '../../../../src/background/history/serving.ts';
import type { AvailableArchive, SyncGroupLog } from '../../../../src/shared/archive.ts';
import { LockstepError } from '../../../../src/shared/errors.ts';
import { defaultHistoryOptions, type HistoryRequest } from '../../../../src/shared/history.ts';
import { newId, type InstallationId } from '../../../../src/shared/ids.ts';
import type { Run } from '../../../../src/shared/run.ts';
import { openStore, type Store } from '../../../../src/store/write.ts';

const self = 'aa' as InstallationId;
const phone = 'bb' as InstallationId;
const tablet = 'cc' as InstallationId;
const empty: SyncGroupLog = { archives: [], requests: [], lastSeen: [] };
const hour = 60 * 60_000;

function archive(pin: string, more: Partial<AvailableArchive> = {}): AvailableArchive {
  const contents = { elements: ['messages' as const], exportedAt: 1, from: null, until: null };
  return { pin, sender: phone, sentAt: 10, url: `http://h/files/${pin}`, contents, ...more };
}

let store: Store;
let clock: number;
let log: SyncGroupLog;
let others: readonly InstallationId[];
let sent: number;
let damaged: boolean;
/** How many messages archives bring. */
let brought: number;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = openStore();
  clock = 1000;
  log = empty;
  others = [phone];
  sent = 0;
  damaged = false;
  brought = 5;
});

/** Requests with an engine that answers from the variables above. */
function requests(): HistoryRequests {
  const answers: Record<string, () => unknown> = {
    installations: () => [self, ...others].map((id) => ({ id, createdAt: 1 })),
    readSyncGroups: () => log,
    countHistory: () => ({ conversations: 0, messages: 0 }),
    pullSyncGroups: () => {
      clock += 60_000; // nothing comes: the watch is over at once
      return null;
    },
    requestHistory: () => {
      sent++;
      const own = { pin: `pin${sent}`, sender: self, sentAt: clock, serverUrl: 'http://h' };
      log = { ...log, requests: [own, ...log.requests] };
      return null;
    },
  };
  const engine = { call: async (name: string) => answers[name]?.() };
  return new HistoryRequests({
    owned: store.owned,
    connection: {
      hold: (work: (...given: unknown[]) => Promise<void>) =>
        work(engine, new AbortController().signal),
    } as never,
    archives: {
      runAnswer: async () => {
        if (damaged) throw new LockstepError('archive_damaged');
        return { newConversations: 1, newMessages: brought, messages: brought };
      },
    } as never,
    alarms: { repeat: async () => undefined, stop: async () => undefined },
    account: async () => ({ id: 'x', installationId: self }) as never,
    historyServer: async () => 'http://h',
    newRequestId: newId,
    now: () => clock,
    keepAwake: () => () => undefined,
  });
}

const ask = { options: defaultHistoryOptions, serverUrl: null, giveUpAfter: hour };
const anyRun = { state: 'complete', scope: { kind: 'preferences' } } as Run;

/** A request that was sent once and not answered. */
async function unansweredOnce(): Promise<{ job: HistoryRequests; request: HistoryRequest }> {
  const job = requests();
  const id = await job.request(ask);
  await job.resume();
  return { job, request: (await store.owned.history.get(id))! };
}

const current = async ({ id }: HistoryRequest) => (await store.owned.history.get(id))!;

test('a request is sent again when its time comes, and by whoever lives then', async () => {
  const { request } = await unansweredOnce();
  expect(request).toMatchObject({ state: { kind: 'sent' }, attempts: 1, pins: ['pin1'] });
  clock = request.nextAt;
  await requests().resume();
  expect(await current(request)).toMatchObject({ attempts: 2, pins: ['pin1', 'pin2'] });
});

test('it ends when its time is up, and an answer that comes later is taken', async () => {
  const { job, request } = await unansweredOnce();
  clock = request.giveUpAt;
  await job.resume();
  expect((await current(request)).state.kind).toBe('unanswered');
  log = { ...log, archives: [archive('pin1', { sentAt: clock })] };
  await job.runEnded(anyRun);
  expect((await current(request)).state).toMatchObject({ kind: 'imported', newMessages: 5 });
});

test('a stopped request stays stopped', async () => {
  const { job, request } = await unansweredOnce();
  await job.cancel(request.id);
  log = { ...log, archives: [archive('pin1')] };
  await job.runEnded(anyRun);
  await job.resume();
  expect((await current(request)).state.kind).toBe('cancelled');
  expect(sent).toBe(1);
});

test('an import that was cut off is done again', async () => {
  const { request } = await unansweredOnce();
  const state = { kind: 'importing', since: clock, archive: archive('pin1') } as const;
  await store.owned.history.put({ ...request, state });
  await requests().resume();
  expect((await current(request)).state.kind).toBe('imported');
});

test('a damaged archive is left aside, and history is asked for again a few times at once', async () => {
  const { job, request } = await unansweredOnce();
  damaged = true;
  log = { ...log, archives: [archive('pin1')] };
  await job.resume();
  const left = await current(request);
  expect(left.state.kind).toBe('sent');
  expect(Object.keys(left.failedArchives)).toEqual([archive('pin1').url]);
  expect(answerTo(left, log, self)).toBeNull();
  expect(left.attempts).toBeGreaterThan(1);
});

test('an archive without history answers only when nobody is left who may have more', async () => {
  others = [phone, tablet];
  const { job, request } = await unansweredOnce();
  brought = 0;
  log = { ...log, archives: [archive('pin1', { sender: tablet })] };
  await job.runEnded(anyRun);
  const waiting = await current(request);
  expect(waiting).toMatchObject({ state: { kind: 'sent' }, problem: null });
  expect(Object.values(waiting.emptyArchives ?? {})).toEqual([tablet]);
  clock = waiting.nextAt;
  await job.resume();
  expect((await current(request)).attempts).toBe(2);
  log = { ...log, archives: [archive('pin2'), ...log.archives] };
  await job.runEnded(anyRun);
  expect((await current(request)).state).toMatchObject({ kind: 'imported', newMessages: 0 });
});

test('after an archive without history, one with it is taken', async () => {
  others = [phone, tablet];
  const { job, request } = await unansweredOnce();
  brought = 0;
  log = { ...log, archives: [archive('pin1', { sender: tablet, url: 'http://h/files/empty' })] };
  await job.runEnded(anyRun);
  brought = 5;
  log = { ...log, archives: [archive('pin1'), ...log.archives] };
  await job.runEnded(anyRun);
  expect((await current(request)).state).toMatchObject({ kind: 'imported', newMessages: 5 });
});

test('without another installation it ends at once', async () => {
  others = [];
  const { request } = await unansweredOnce();
  expect(request.state.kind).toBe('nobody');
  expect(sent).toBe(0);
});

test('what answers somebody else is no answer; what was sent to all since is', () => {
  const request = { pins: ['mine'], requestedAt: 5, failedArchives: {} } as never;
  const asked = { pin: 'theirs', sender: phone, sentAt: 1, serverUrl: 'http://h' };
  const answer = (...archives: AvailableArchive[]) =>
    answerTo(request, { ...empty, archives, requests: [asked] }, self)?.pin;
  expect(answer(archive('theirs'))).toBeUndefined();
  expect(answer(archive('by hand', { sentAt: 4 }))).toBeUndefined();
  expect(answer(archive('by hand'))).toBe('by hand');
  expect(answer(archive('mine', { sender: self }))).toBeUndefined();
  expect(answer(archive('mine', { sentAt: 1 }))).toBe('mine');
});

test('it is asked for again sooner at first, then every hour', () => {
  expect([1, 2, 3, 4, 5, 50].map((times) => waitAfter(times) / 1000)).toEqual([
    30, 120, 600, 3600, 3600, 3600,
  ]);
});

test('the engine is kept for requests that this installation has not answered', () => {
  const asked = { pin: 'p', sender: phone, sentAt: 1, serverUrl: 'http://h' };
  const wait = (more: Partial<SyncGroupLog>, now = 2) =>
    isWaitedFor({ ...empty, ...more }, self, now);
  expect(wait({ requests: [asked] })).toBe(true);
  expect(wait({ requests: [asked], archives: [archive('p', { sender: self })] })).toBe(false);
  expect(wait({ requests: [asked], archives: [archive('p')] })).toBe(true);
  expect(wait({ requests: [{ ...asked, sender: self }] })).toBe(false);
  expect(wait({ requests: [asked] }, 4 * 24 * hour)).toBe(false);
});
