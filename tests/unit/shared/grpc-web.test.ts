import { expect, test } from 'vitest';
import { firstMessage, readOutcome } from '../../../src/shared/grpc-web.ts';

function frame(flag: number, payload: string | Uint8Array): Uint8Array {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  const header = new Uint8Array(5);
  header[0] = flag;
  new DataView(header.buffer).setUint32(1, bytes.length);
  return new Uint8Array([...header, ...bytes]);
}

test('a call’s outcome is read from headers, or from the last frame', () => {
  const headers = new Headers({
    'grpc-status': '8',
    'grpc-message': 'slow%20down',
    'retry-after': '4',
  });
  expect(readOutcome(headers, new Uint8Array())).toEqual({
    status: 8,
    message: 'slow down',
    retryAfter: 4000,
  });
  const body = new Uint8Array([
    ...frame(0, 'message'),
    ...frame(0x80, 'grpc-status: 14\r\ngrpc-message:gone\r\n'),
  ]);
  expect(readOutcome(new Headers(), body)).toMatchObject({ status: 14, message: 'gone' });
});

test('a truncated answer has no status', () => {
  const whole = frame(0x80, 'grpc-status: 0\r\n');
  expect(readOutcome(new Headers(), whole.subarray(0, -1)).status).toBeNull();
  expect(readOutcome(new Headers(), new Uint8Array()).status).toBeNull();
});

test('the first message is read past trailers, and not where it is truncated', () => {
  const message = frame(0, new Uint8Array([1, 2]));
  const trailer = frame(0x80, 'grpc-status: 0\r\n');
  expect(firstMessage(new Uint8Array([...trailer, ...message]))).toEqual(new Uint8Array([1, 2]));
  expect(firstMessage(message.subarray(0, -1))).toBeNull();
  expect(firstMessage(trailer)).toBeNull();
  expect(firstMessage(new Uint8Array())).toBeNull();
});
