import { expect, test } from 'vitest';
import { readDeviceSync } from '../../../../src/engine/records/device-sync.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** As libxmtp 1.11 wrote them between two installations. */
const request = '0a250a0546774b36631216687474703a2f2f3132372e302e302e313a333334333722040a020102';
const preference = '223a0a3812360a2ad3640f975209dcd5447a7eb86f5ce6fe78b4b280';

/** A reply: pin, address, key, metadata with elements, export time and the start of a range. */
function reply(pin: string, url: string): Uint8Array {
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  const metadata = Buffer.from('120201021880fb85cd9fa4c6f5182005', 'hex');
  const body = Buffer.concat([
    field(1, Buffer.from(pin)),
    field(2, Buffer.from(url)),
    field(6, metadata),
  ]);
  return new Uint8Array(field(3, body));
}

test('a request says its pin and where the answer is to be left', () => {
  expect(readDeviceSync(bytes(request))).toEqual({
    kind: 'request',
    pin: 'FwK6c',
    serverUrl: 'http://127.0.0.1:33437',
  });
});

test('an archive says what it holds, from when and of which range', () => {
  const read = readDeviceSync(reply('pin1', 'http://history.test/files/1'));
  expect(read).toMatchObject({
    kind: 'archive',
    pin: 'pin1',
    url: 'http://history.test/files/1',
    contents: { elements: ['messages', 'consent'], from: 5 / 1_000_000, until: null },
  });
  const exportedAt = read.kind === 'archive' ? read.contents.exportedAt : null;
  expect(new Date(exportedAt ?? 0).getUTCFullYear()).toBe(2026);
});

test('what makes no sense is left out instead of failing', () => {
  expect(readDeviceSync(bytes(preference))).toEqual({ kind: 'other' });
  expect(readDeviceSync(bytes('1a'))).toEqual({ kind: 'other' });
  expect(readDeviceSync(bytes('ffffffffff'))).toEqual({ kind: 'other' });
  expect(readDeviceSync(new Uint8Array())).toEqual({ kind: 'other' });
  expect(readDeviceSync(reply('', 'http://history.test/files/1'))).toEqual({ kind: 'other' });
  expect(readDeviceSync(reply('pin1', 'nonsense'))).toEqual({ kind: 'other' });
});
