import { expect, test, vi } from 'vitest';
import { endpointsOf } from '../../../../src/shared/network-choice.ts';
import type { ObservedCall } from '../../../../src/engine/traffic/evidence.ts';
import { observeTraffic } from '../../../../src/engine/traffic/observer.ts';

function setUp(answer: (request: Request) => Promise<Response>, publishing?: () => void) {
  const calls: ObservedCall[] = [];
  const scope = {
    fetch: vi.fn((input: RequestInfo | URL, init?: RequestInit) =>
      answer(new Request(input, init)),
    ),
    Request,
    location: { origin: 'chrome-extension://lockstep' },
  };
  const real = scope.fetch;
  const observer = observeTraffic(scope, {
    seen: (call) => calls.push(call),
    ...(publishing === undefined ? {} : { publishing }),
  });
  observer.configure(
    endpointsOf({ kind: 'custom', nodeUrl: 'http://node.test', historyUrl: 'http://history.test' }),
  );
  return { calls, fetch: scope.fetch as typeof fetch, real, observer, scope };
}

const ok = () => Promise.resolve(new Response('', { headers: { 'grpc-status': '0' } }));

test('hosts that were not configured are refused before anything leaves', async () => {
  const { calls, fetch, real } = setUp(ok);
  await expect(fetch('http://evil.test/upload', { method: 'POST', body: 'x' })).rejects.toThrow(
    'not one of the chosen hosts',
  );
  expect(real).not.toHaveBeenCalled();
  expect(calls[0]?.outcome).toMatchObject({ ok: false, code: 'host_not_configured' });
});

test('a call that is never answered ends at its deadline, and the next ones at once', async () => {
  vi.useFakeTimers();
  try {
    const { calls, fetch, observer } = setUp(
      (request) =>
        new Promise((_resolve, reject) => {
          request.signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    const call = fetch('http://node.test/xmtp.mls.api.v1.MlsApi/QueryWelcomeMessages', {
      method: 'POST',
      body: 'x',
    });
    const settled = expect(call).rejects.toThrow('no answer within');
    await vi.advanceTimersByTimeAsync(15_000);
    await settled;
    expect(calls[0]?.outcome).toMatchObject({ ok: false, code: 'network_timeout' });
    await expect(
      fetch('http://node.test/xmtp.mls.api.v1.MlsApi/QueryWelcomeMessages', { method: 'POST' }),
    ).rejects.toThrow('no answer within');
    observer.newOperation();
    expect(calls).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

test('statuses become codes, and answers reach the caller whole', async () => {
  const { calls, fetch } = setUp(() =>
    Promise.resolve(new Response('body', { headers: { 'grpc-status': '8', 'retry-after': '2' } })),
  );
  const response = await fetch('http://node.test/xmtp.mls.api.v1.MlsApi/FetchKeyPackages', {
    method: 'POST',
    body: 'xyz',
  });
  expect(await response.text()).toBe('body');
  expect(calls[0]).toMatchObject({
    method: 'FetchKeyPackages',
    bytesSent: 3,
    bytesReceived: 4,
    outcome: { ok: false, code: 'network_rate_limited', retryAfter: 2000 },
  });
});

test('the history server is judged by HTTP statuses', async () => {
  const { calls, fetch } = setUp(() => Promise.resolve(new Response('', { status: 404 })));
  await fetch('http://history.test/files/abc');
  expect(calls[0]).toMatchObject({
    method: 'files',
    outcome: { ok: false, code: 'history_server_failed' },
  });
});

test('archives leave only as the person wants, and that is no failure of a sync', async () => {
  const { calls, fetch, real, observer } = setUp(() => Promise.resolve(new Response('id')));
  const upload = () => fetch('http://history.test/upload', { method: 'POST', body: 'x' });
  observer.allowUploads(false);
  await expect(upload()).rejects.toThrow('switched off');
  await observer.uploading(upload);
  observer.allowUploads(true);
  await upload();
  expect(real).toHaveBeenCalledTimes(2);
  expect(calls.map(({ outcome }) => outcome.ok)).toEqual([true, true]);
});

test('another history server is used only once the person chose it', async () => {
  const { fetch, observer } = setUp(() => Promise.resolve(new Response('archive')));
  const get = () => fetch('http://other.test/files/abc');
  await expect(get()).rejects.toThrow('not one of the chosen hosts');
  observer.allowHistoryServer('http://other.test');
  const answer = await get();
  expect(await answer.text()).toBe('archive');
  // libxmtp parses it, and throws where nobody listens if it is missing.
  expect(answer.url).toBe('http://other.test/files/abc');
});

test('before a call that changes something there, and only then, what is held goes to the disk', async () => {
  const order: string[] = [];
  const { fetch } = setUp(
    (request) => {
      order.push(request.url.split('/').at(-1) ?? '');
      return ok();
    },
    () => order.push('disk'),
  );
  const node = 'http://node.test/xmtp.mls.api.v1.MlsApi';
  await fetch(`${node}/QueryGroupMessages`, { method: 'POST', body: 'x' });
  await fetch(`${node}/SubscribeGroupMessages`, { method: 'POST', body: 'x' });
  await fetch(`${node}/SendGroupMessages`, { method: 'POST', body: 'x' });
  await fetch(`${node}/SomethingThatComesNextYear`, { method: 'POST', body: 'x' });
  await fetch('http://history.test/files/1');
  await fetch('http://history.test/upload', { method: 'POST', body: 'x' });
  expect(order).toEqual([
    'QueryGroupMessages',
    'SubscribeGroupMessages',
    'disk',
    'SendGroupMessages',
    'disk',
    'SomethingThatComesNextYear',
    '1',
    'disk',
    'upload',
  ]);
});

test('a call is not made where the disk took nothing', async () => {
  const { fetch, real } = setUp(ok, () => {
    throw new Error('disk full');
  });
  const call = fetch('http://node.test/xmtp.mls.api.v1.MlsApi/SendGroupMessages', {
    method: 'POST',
    body: 'x',
  });
  await expect(call).rejects.toThrow('disk full');
  expect(real).not.toHaveBeenCalled();
});

test.each([
  ['from bytes, which are at hand', new Uint8Array([0, 0, 0, 0, 4, 0x0a, 2, 0xab, 0xcd])],
  ['from something else, which is read', new Blob(['\0\0\0\0\u0004\n\u0002\u0007\u0008'])],
])(
  'a request that libxmtp made %s arrives whole, and says which group it asks for',
  async (_, body) => {
    const arrived: Uint8Array[] = [];
    const { calls, fetch, scope } = setUp(async (request) => {
      arrived.push(new Uint8Array(await request.arrayBuffer()));
      return ok();
    });
    const url = 'http://node.test/xmtp.mls.api.v1.MlsApi/QueryGroupMessages';
    const clone = vi.spyOn(Request.prototype, 'clone');
    // As libxmtp calls it: with a request, and the rest beside it.
    const { signal } = new AbortController();
    const made = new scope.Request(url, { method: 'POST', body });
    await fetch(made, { signal, referrerPolicy: 'no-referrer' });
    expect(clone).toHaveBeenCalledTimes(body instanceof Blob ? 1 : 0);
    clone.mockRestore();
    expect(arrived).toEqual([new Uint8Array(await new Blob([body]).arrayBuffer())]);
    const groupId = body instanceof Blob ? '0708' : 'abcd';
    expect(calls).toMatchObject([{ groupId, bytesSent: 9, outcome: { ok: true } }]);
  },
);

test('an answer that cannot be taken note of does not reach libxmtp', async () => {
  const scope = {
    fetch: ok as typeof fetch,
    Request,
    location: { origin: 'chrome-extension://lockstep' },
  };
  let tries = 0;
  const observer = observeTraffic(scope, {
    seen: ({ outcome }) => {
      if (outcome.ok) tries++;
      if (outcome.ok) throw new Error('the database is busy');
    },
  });
  observer.configure(
    endpointsOf({ kind: 'custom', nodeUrl: 'http://node.test', historyUrl: 'http://history.test' }),
  );
  await expect(
    scope.fetch('http://node.test/xmtp.mls.api.v1.MlsApi/QueryWelcomeMessages'),
  ).rejects.toThrow('the database is busy');
  expect(tries).toBe(1);
});
