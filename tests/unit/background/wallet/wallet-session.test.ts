import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PageAccess } from '../../../../src/background/wallet/page-access.ts';
import { accountsSchema } from '../../../../src/background/wallet/page-answers.ts';
import { WalletSession } from '../../../../src/background/wallet/wallet-session.ts';

let mark: { origin: string; sessionId: string | null };
let ask: () => Promise<unknown>;
const pages: PageAccess = {
  activeTab: async () => 7,
  mark: async (_tabId, sessionId) => {
    if (sessionId !== null) mark = { ...mark, sessionId };
    return mark;
  },
  findWallets: async () => [{ id: 'one', name: 'One', icon: '' }],
  ask: () => ask(),
  show: async () => undefined,
};
const address = `0x${'Ab'.repeat(20)}`;
const accounts = () => open().then((session) => callOf(session));
const open = () => WalletSession.open(pages, 'session');
const callOf = (session: WalletSession) =>
  session.call('one', 'eth_accounts', [], accountsSchema, 60_000);
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error as { readonly code: string }).code,
  );

beforeEach(() => {
  vi.useFakeTimers();
  mark = { origin: 'https://app.example', sessionId: null };
});
afterEach(() => {
  vi.useRealTimers();
});

test('an answer of the right form is taken', async () => {
  ask = async () => ({ kind: 'value', value: [address] });
  expect(await accounts()).toEqual([address.toLowerCase()]);
});

test('whatever else a page answers is a failure of its wallet', async () => {
  const answers: unknown[] = [
    undefined,
    null,
    'text',
    { kind: 'value' },
    { kind: 'value', value: address },
    { kind: 'value', value: ['0x12'] },
    { kind: 'value', value: { 0: address, length: 1 } },
    { kind: 'other', value: [address] },
  ];
  for (const answer of answers) {
    ask = async () => answer;
    expect(await code(accounts()), JSON.stringify(answer)).toBe('wallet_failed');
  }
});

test('a no, a wallet that is busy and one that is gone are told apart', async () => {
  for (const [number, expected] of [
    [4001, 'wallet_declined'],
    [4100, 'wallet_declined'],
    [-32002, 'wallet_busy'],
    [-32603, 'wallet_failed'],
  ] as const) {
    ask = async () => ({ kind: 'error', code: number, message: 'no' });
    expect(await code(accounts())).toBe(expected);
  }
  ask = async () => ({ kind: 'gone' });
  expect(await code(accounts())).toBe('wallet_gone');
});

test('a wallet that never answers is given up after its time', async () => {
  ask = () => new Promise(() => undefined);
  const outcome = code(accounts());
  await vi.advanceTimersByTimeAsync(59_000);
  expect(vi.getTimerCount()).toBe(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toBe('wallet_silent');
  expect(vi.getTimerCount()).toBe(0);
});

test('a page that goes is noticed although its call never settles, and an answer from another one counts for nothing', async () => {
  ask = () => new Promise(() => undefined);
  const outcome = code(accounts());
  await vi.advanceTimersByTimeAsync(1_500);
  mark = { origin: 'https://app.example', sessionId: null };
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await outcome).toBe('wallet_gone');

  ask = async () => {
    mark = { origin: 'https://evil.example', sessionId: null };
    return { kind: 'value', value: [address] };
  };
  expect(await code(accounts())).toBe('wallet_gone');
});

test('a session that has ended asks nothing and takes no answer', async () => {
  ask = () => new Promise(() => undefined);
  const session = await open();
  const outcome = code(callOf(session));
  await vi.advanceTimersByTimeAsync(10);
  session.end();
  expect(await outcome).toBe('interrupted');
  const asked = vi.fn(async () => null);
  ask = asked;
  expect(await code(callOf(session))).toBe('interrupted');
  expect(asked).not.toHaveBeenCalled();
});
