/** Subscriptions over both RPC ports: headers at once, every message once and in order, no gap. */
import { connect as connectHttp2, constants } from 'node:http2';
import { get as getHttp, request as requestHttp, type IncomingMessage } from 'node:http';
import { Code, ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import {
  SortDirection,
  SubscribeGroupMessagesRequestSchema,
} from '../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { framed } from './support/raw.ts';
import {
  connect,
  freshId,
  idOf,
  protocols,
  send,
  textOf,
  useNetwork,
  welcome,
  type Wire,
} from './support/wire.ts';

const network = useNetwork();
const path = '/xmtp.mls.api.v1.MlsApi/SubscribeGroupMessages';

/** Collects texts of a subscription until it is stopped. */
function subscribe({ mls }: Wire, filters: readonly { groupId: Uint8Array; idCursor?: bigint }[]) {
  const abort = new AbortController();
  const texts: string[] = [];
  const reading = (async () => {
    const messages = mls.subscribeGroupMessages(
      { filters: [...filters] },
      { signal: abort.signal },
    );
    for await (const message of messages) texts.push(textOf(message));
  })().catch((error: unknown) => {
    if (ConnectError.from(error).code !== Code.Canceled) throw error;
  });
  return {
    texts,
    async stop() {
      abort.abort();
      await reading;
    },
  };
}

describe('headers come at once on a silent subscription', () => {
  const body = framed(SubscribeGroupMessagesRequestSchema, { filters: [{ groupId: freshId(16) }] });

  test('over native gRPC', async () => {
    const session = connectHttp2(network.current.addresses.grpc);
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const answered = new Promise<unknown>((resolve) => {
      stream.once('response', (headers) => resolve(headers[constants.HTTP2_HEADER_STATUS]));
    });
    stream.end(body);
    expect(await answered).toBe(200);
    session.destroy();
  });

  test('over gRPC-web', async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = requestHttp(`${network.current.addresses.grpcWeb}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/grpc-web+proto' },
      });
      sending.once('response', (response) => {
        resolve(response.statusCode);
        response.destroy();
      });
      sending.once('error', reject);
      sending.end(body);
    });
    expect(status).toBe(200);
  });
});

describe.each(protocols)('over %s', (protocol) => {
  test('what is stored after the cursor, then what arrives', async () => {
    const wire = connect(network.current, protocol);
    const group = freshId(16);
    await send(wire.mls, group, 'a', 'b', 'c');
    const { messages } = await wire.mls.queryGroupMessages({
      groupId: group,
      pagingInfo: { direction: SortDirection.ASCENDING },
    });
    const reading = subscribe(wire, [{ groupId: group, idCursor: idOf(messages[0]!) }]);
    await until('what is stored', () => reading.texts.length === 2);
    await send(wire.mls, group, 'd');
    await until('what arrives', () => reading.texts.length === 3);
    expect(reading.texts).toEqual(['b', 'c', 'd']);
    await reading.stop();
  });

  test('many filters in one call; the same group twice counts once, from the earlier cursor', async () => {
    const wire = connect(network.current, protocol);
    const groups = Array.from({ length: 300 }, () => freshId(16));
    await send(wire.mls, groups[7]!, 'early');
    const filters = groups.map((groupId) => ({ groupId }));
    const reading = subscribe(wire, [...filters, { groupId: groups[7]!, idCursor: 10n ** 15n }]);
    await until('the early one', () => reading.texts.length === 1);
    for (const [i, group] of groups.entries()) await send(wire.mls, group, `of ${i}`);
    await until('one of each', () => reading.texts.length === 301);
    expect(new Set(reading.texts).size).toBe(301);
    await reading.stop();
  });

  test('a cursor beyond the end waits for what is beyond it', async () => {
    const wire = connect(network.current, protocol);
    const [far, near] = [freshId(16), freshId(16)];
    const newest = BigInt((await network.current.control.status()).groupMessages);
    const reading = subscribe(wire, [
      { groupId: far, idCursor: newest + 3n },
      { groupId: near, idCursor: newest },
    ]);
    await send(wire.mls, far, 'one', 'two', 'three', 'four');
    await send(wire.mls, near, 'end');
    await until('the end', () => reading.texts.includes('end'));
    expect(reading.texts).toEqual(expect.arrayContaining(['four', 'end']));
    expect(reading.texts).toHaveLength(2);
    await reading.stop();
  });

  test('welcomes of an installation', async () => {
    const { mls } = connect(network.current, protocol);
    const key = freshId();
    await mls.sendWelcomeMessages({
      messages: [welcome(key, 'first'), welcome(freshId(), 'other')],
    });
    const abort = new AbortController();
    const found: string[] = [];
    try {
      for await (const { version } of mls.subscribeWelcomeMessages(
        { filters: [{ installationKey: key }] },
        { signal: abort.signal },
      )) {
        if (version.case === 'v1') found.push(Buffer.from(version.value.data).toString());
        if (found.length === 2) abort.abort();
        else await mls.sendWelcomeMessages({ messages: [welcome(key, 'second')] });
      }
    } catch (error) {
      expect(ConnectError.from(error).code).toBe(Code.Canceled);
    }
    expect(found).toEqual(['first', 'second']);
  });

  test('under concurrent writers, readers that start at any moment see no gap and no repeat', async () => {
    const wire = connect(network.current, protocol);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat({ max: 59 }), { minLength: 1, maxLength: 4 }),
        async (writes, starts) => {
          const groups = [freshId(16), freshId(16), freshId(16)];
          const filters = groups.map((groupId) => ({ groupId }));
          const readers: ReturnType<typeof subscribe>[] = [];
          const writers = writes.map(async (to, i) => {
            if (starts.includes(i)) readers.push(subscribe(wire, filters));
            await send(wire.mls, groups[to]!, `${to}:${i}`);
          });
          await Promise.all(writers);
          readers.push(subscribe(wire, filters));
          for (const { texts } of readers) {
            await until('every message', () => texts.length >= writes.length);
          }
          for (const [to, groupId] of groups.entries()) {
            const { messages } = await wire.mls.queryGroupMessages({
              groupId,
              pagingInfo: { direction: SortDirection.ASCENDING },
            });
            const expected = messages.map(textOf);
            for (const { texts } of readers) {
              expect(texts.filter((text) => text.startsWith(`${to}:`))).toEqual(expected);
            }
          }
          for (const reader of readers) {
            expect(reader.texts).toHaveLength(writes.length);
            await reader.stop();
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test('a deadline ends a subscription with DEADLINE_EXCEEDED, and its caller leaving with nothing open', async () => {
    const { mls } = connect(network.current, protocol);
    const call = async () => {
      const request = { filters: [{ groupId: freshId(16) }] };
      for await (const message of mls.subscribeGroupMessages(request, { timeoutMs: 60 })) {
        throw new Error(`nobody wrote ${textOf(message)}`);
      }
    };
    await expect(call()).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    await until('no open stream', async () => {
      return (await network.current.control.status()).openStreams === 0;
    });
  });
});

test('a slow reader gets everything, and holds up neither writers nor other readers', async () => {
  const wire = connect(network.current, 'gRPC');
  const group = freshId(16);
  const body = framed(SubscribeGroupMessagesRequestSchema, { filters: [{ groupId: group }] });
  // Nothing reads this response until everything is written.
  const slow = await new Promise<IncomingMessage>((resolve, reject) => {
    const sending = requestHttp(`${network.current.addresses.grpcWeb}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/grpc-web+proto' },
    });
    sending.once('response', resolve);
    sending.once('error', reject);
    sending.end(body);
  });
  const quick = subscribe(wire, [{ groupId: group }]);
  const large = 'x'.repeat(200_000);
  for (let i = 0; i < 60; i++) await send(wire.mls, group, `${i} ${large}`);
  await until('the quick reader', () => quick.texts.length === 60);
  await quick.stop();
  let received = 0;
  await new Promise<void>((resolve) => {
    slow.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > 60 * large.length) resolve();
    });
  });
  slow.destroy();
});

test('a browser may call from anywhere, and read the status', async () => {
  const { grpcWeb, history } = network.current.addresses;
  for (const address of [`${grpcWeb}${path}`, `${history}/upload`]) {
    const preflight = await fetch(address, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-grpc-web,x-user-agent,grpc-timeout',
        'access-control-request-private-network': 'true',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-grpc-web');
    expect(preflight.headers.get('access-control-allow-private-network')).toBe('true');
    const exposed = await new Promise<string>((resolve, reject) => {
      getHttp(address, (response) => {
        response.resume();
        resolve(String(response.headers['access-control-expose-headers']));
      }).once('error', reject);
    });
    for (const name of ['grpc-status', 'grpc-message', 'grpc-status-details-bin']) {
      expect(exposed).toContain(name);
    }
  }
});
