/** Every fault and counter, over real sockets, through the typed client over HTTP. */
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, describe, expect, test } from 'vitest';
import { connectControl, type Fault } from '../../network/index.ts';
import { QueryGroupMessagesRequestSchema } from '../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { until } from '../support/until.ts';
import { framed, rawCall } from './support/raw.ts';
import { connect, freshId, protocols, send, textOf, useNetwork } from './support/wire.ts';

const network = useNetwork();
const control = () => connectControl(network.current.addresses.control);
const question = () => ({ groupId: freshId(16) });

afterEach(async () => {
  await control().clearFaults();
  await control().resetCounters();
});

/** How a call ended: null for well. */
async function outcome(call: Promise<unknown>): Promise<Code | null> {
  return call.then(
    () => null,
    (error: unknown) => ConnectError.from(error).code,
  );
}

describe.each(protocols)('over %s', (protocol) => {
  const wire = () => connect(network.current, protocol);
  const ask = () => wire().mls.queryGroupMessages(question());

  test.each(['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'DEADLINE_EXCEEDED', 'INTERNAL'] as const)(
    'a call fails with %s, as often as wanted',
    async (status) => {
      await control().addFault({
        method: 'QueryGroupMessages',
        times: 2,
        effect: { kind: 'fail', status, message: 'no, thank you' },
      });
      const codes = {
        UNAVAILABLE: Code.Unavailable,
        RESOURCE_EXHAUSTED: Code.ResourceExhausted,
        DEADLINE_EXCEEDED: Code.DeadlineExceeded,
        INTERNAL: Code.Internal,
      };
      expect(await outcome(wire().identity.getInboxIds({}))).toBeNull();
      await expect(ask()).rejects.toMatchObject({
        code: codes[status],
        rawMessage: 'no, thank you',
      });
      expect(await outcome(ask())).toBe(codes[status]);
      expect(await outcome(ask())).toBeNull();
    },
  );

  test('retry information comes with the status', async () => {
    await control().addFault({
      method: null,
      effect: { kind: 'fail', status: 'RESOURCE_EXHAUSTED', retryAfterMilliseconds: 2500 },
    });
    const body = framed(QueryGroupMessagesRequestSchema, question());
    const path = '/xmtp.mls.api.v1.MlsApi/QueryGroupMessages';
    const { headers } = await rawCall(network.current, protocol, path, body);
    expect(headers['grpc-status']).toBe('8');
    expect(headers['retry-after']).toBe('3');
    const details = Buffer.from(headers['grpc-status-details-bin'] ?? '', 'base64');
    expect(details.toString('latin1')).toContain('type.googleapis.com/google.rpc.RetryInfo');
    // RetryInfo.retry_delay: 2 seconds and 500,000,000 nanoseconds, at the end of the details.
    expect(details.subarray(-8).toString('hex')).toBe('08021080cab5ee01');
  });

  test('a share of calls fails, spread evenly', async () => {
    await control().addFault({
      method: null,
      share: 0.25,
      effect: { kind: 'fail', status: 'UNAVAILABLE' },
    });
    const codes: (Code | null)[] = [];
    for (let i = 0; i < 12; i++) codes.push(await outcome(ask()));
    expect(codes.filter((code) => code === Code.Unavailable)).toHaveLength(3);
    expect(codes.filter((code) => code === null)).toHaveLength(9);
  });

  test('latency delays a call, and adds up with another one and a failure', async () => {
    const latency = { kind: 'latency', milliseconds: 60 } as const;
    await control().addFault({ method: null, effect: latency });
    await control().addFault({ method: null, effect: latency });
    const started = performance.now();
    expect(await outcome(ask())).toBeNull();
    // Timers may be a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(115);
    await control().addFault({ method: null, effect: { kind: 'fail', status: 'UNAVAILABLE' } });
    const again = performance.now();
    expect(await outcome(ask())).toBe(Code.Unavailable);
    expect(performance.now() - again).toBeGreaterThan(115);
  });

  test('a deadline that ends during the latency: DEADLINE_EXCEEDED', async () => {
    await control().addFault({ method: null, effect: { kind: 'latency', milliseconds: 5000 } });
    const call = wire().mls.queryGroupMessages(question(), { timeoutMs: 40 });
    expect(await outcome(call)).toBe(Code.DeadlineExceeded);
  });

  test('bandwidth slows a large answer down, whole as it is', async () => {
    const { mls } = wire();
    const group = freshId(16);
    await send(mls, group, 'x'.repeat(15_000));
    await control().addFault({
      method: 'QueryGroupMessages',
      effect: { kind: 'bandwidth', bytesPerSecond: 100_000 },
    });
    const started = performance.now();
    const { messages } = await mls.queryGroupMessages({ groupId: group });
    expect(textOf(messages[0]!)).toHaveLength(15_000);
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  test('the next calls of a method are dropped, and others are not', async () => {
    await control().addFault({ method: 'QueryGroupMessages', times: 2, effect: { kind: 'drop' } });
    expect(await outcome(wire().identity.getInboxIds({}))).toBeNull();
    expect(await outcome(ask())).not.toBeNull();
    expect(await outcome(ask())).not.toBeNull();
    expect(await outcome(ask())).toBeNull();
  });

  test('a call that hangs is answered by nobody but its own deadline', async () => {
    await control().addFault({ method: 'QueryGroupMessages', times: 1, effect: { kind: 'hang' } });
    const call = wire().mls.queryGroupMessages(question(), { timeoutMs: 80 });
    expect(await outcome(call)).toBe(Code.DeadlineExceeded);
  });

  test('a lost answer: done, but not known to be', async () => {
    const { mls } = wire();
    const group = freshId(16);
    await control().addFault({
      method: 'SendGroupMessages',
      times: 1,
      effect: { kind: 'lose-answer' },
    });
    expect(await outcome(send(mls, group, 'once'))).not.toBeNull();
    await send(mls, group, 'once');
    expect((await mls.queryGroupMessages({ groupId: group })).messages).toHaveLength(1);
  });

  test('only calls that carry certain bytes are concerned', async () => {
    const [struck, spared] = [freshId(16), freshId(16)];
    await control().addFault({
      method: null,
      containing: Buffer.from(struck).toString('hex'),
      effect: { kind: 'fail', status: 'UNAVAILABLE' },
    });
    const { mls } = wire();
    expect(await outcome(mls.queryGroupMessages({ groupId: spared }))).toBeNull();
    expect(await outcome(mls.queryGroupMessages({ groupId: struck }))).toBe(Code.Unavailable);
  });

  test('streams are cut at once, after some messages, and on demand', async () => {
    const { mls } = wire();
    const group = freshId(16);
    await send(mls, group, 'a', 'b', 'c');
    const read = async () => {
      const texts: string[] = [];
      try {
        for await (const message of mls.subscribeGroupMessages({ filters: [{ groupId: group }] })) {
          texts.push(textOf(message));
        }
        return { texts, isCut: false };
      } catch {
        return { texts, isCut: true };
      }
    };
    for (const messages of [2, 0]) {
      const method = 'SubscribeGroupMessages';
      await control().addFault({ method, effect: { kind: 'cut-after', messages } });
      // What is on its way when a stream is cut may be lost with it; more never comes.
      await until(`${messages} messages, then a cut`, async () => {
        const { texts, isCut } = await read();
        expect(isCut).toBe(true);
        expect(texts).toEqual(['a', 'b', 'c'].slice(0, texts.length));
        expect(texts.length).toBeLessThanOrEqual(messages);
        return texts.length === messages;
      });
      await control().clearFaults();
    }
    const reading = read();
    await until('an open stream', async () => (await control().status()).openStreams === 1);
    expect(await control().cutStreams()).toBe(1);
    expect((await reading).isCut).toBe(true);
  });

  test('a proxy that answers with an HTTP status', async () => {
    await control().addFault({ method: null, effect: { kind: 'http', status: 503 } });
    expect(await outcome(ask())).toBe(Code.Unavailable);
  });

  test('stopped, it refuses connections and cuts those that exist; then it serves as before', async () => {
    const { mls } = wire();
    const group = freshId(16);
    await send(mls, group, 'before');
    await control().stopServing();
    expect((await control().status()).serving).toBe(false);
    expect(await outcome(send(mls, group, 'meanwhile'))).not.toBeNull();
    await control().resumeServing();
    await until('it serves again', async () => (await outcome(send(mls, group, 'after'))) === null);
    const { messages } = await mls.queryGroupMessages({ groupId: group });
    expect(messages.map(textOf)).toEqual(['after', 'before']);
  });

  test('counters say how many calls there were, how many failed, and how many bytes', async () => {
    const { mls } = wire();
    await control().resetCounters();
    const group = freshId(16);
    await send(mls, group, 'x'.repeat(1000));
    await mls.queryGroupMessages({ groupId: group });
    await outcome(mls.queryGroupMessages({}));
    const { SendGroupMessages: sent, QueryGroupMessages: asked } = await control().counters();
    expect(sent).toMatchObject({ calls: 1, failed: 0 });
    expect(sent?.bytesReceived).toBeGreaterThan(1000);
    expect(sent?.bytesSent).toBeLessThan(100);
    expect(asked).toMatchObject({ calls: 2, failed: 1 });
    expect(asked?.bytesSent).toBeGreaterThan(1000);
  });
});

describe('the history server', () => {
  const upload = (body: string) =>
    fetch(`${network.current.addresses.history}/upload`, { method: 'POST', body });

  test('keeps archives and gives them back', async () => {
    const id = await (await upload('sealed')).text();
    const { history } = network.current.addresses;
    const found = await fetch(`${history}/files/${id}`);
    expect(found.status).toBe(200);
    expect(await found.text()).toBe('sealed');
    for (const path of ['/files/nothing', '/files/..%2F..%2Fetc%2Fpasswd', '/files/', '/']) {
      expect((await fetch(`${history}${path}`)).status).toBe(404);
    }
    expect((await upload('')).status).toBe(400);
  });

  test('fails, loses answers and is counted as the node is', async () => {
    await control().addFault({
      method: 'upload',
      times: 1,
      effect: { kind: 'fail', status: 'UNAVAILABLE', retryAfterMilliseconds: 1000 },
    });
    const refused = await upload('x');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    for (const kind of ['drop', 'lose-answer'] as const) {
      await control().addFault({ method: 'upload', times: 1, effect: { kind } });
      await expect(upload('y')).rejects.toThrow();
    }
    expect((await upload('z')).status).toBe(200);
    expect((await control().counters())['upload']).toMatchObject({ calls: 4, failed: 3 });
  });
});

describe('the control interface', () => {
  test('lists faults and removes one of them', async () => {
    const fault: Fault = { method: 'GetInboxIds', times: 3, effect: { kind: 'drop' } };
    const id = await control().addFault(fault);
    const other = await control().addFault({ method: null, effect: { kind: 'hang' } });
    await control().removeFault(other);
    expect((await control().status()).faults).toEqual([{ id, fault }]);
  });

  test('says in words what is wrong with a fault, and adds nothing', async () => {
    const address = network.current.addresses.control;
    const post = (method: string, body: string, type = 'application/json') =>
      fetch(`${address}/${method}`, { method: 'POST', body, headers: { 'content-type': type } });
    for (const [body, says] of [
      ['{"effect": {"kind": "explode"}}', /effect\.kind/],
      ['{"share": 2, "effect": {"kind": "drop"}}', /share/],
      ['{"effect": {"kind": "fail", "status": "BAD"}}', /effect\.status/],
      ['{"containing": "xyz", "effect": {"kind": "drop"}}', /containing/],
      ['{', /JSON/],
    ] as const) {
      const answer = await post('addFault', body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toMatch(says);
    }
    expect((await post('explode', 'null')).status).toBe(404);
    expect((await post('clearFaults', 'null', 'text/plain')).status).toBe(405);
    expect((await fetch(`${address}/status`)).status).toBe(405);
    expect((await control().status()).faults).toEqual([]);
  });

  test('sets the time that messages are stamped with', async () => {
    const { mls } = connect(network.current, 'gRPC');
    const group = freshId(16);
    const then = Date.UTC(2021, 4, 3);
    await control().setTime(then);
    await send(mls, group, 'old');
    await control().setTime(null);
    await send(mls, group, 'new');
    const { messages } = await mls.queryGroupMessages({ groupId: group });
    const [now, old] = messages.map(({ version }) =>
      Number((version.value as { createdNs: bigint }).createdNs / 1_000_000n),
    );
    expect(old! - then).toBeLessThan(600_000);
    expect(old).toBeGreaterThanOrEqual(then);
    expect(Math.abs(now! - Date.now())).toBeLessThan(600_000);
  });
});
