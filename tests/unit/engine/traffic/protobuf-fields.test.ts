import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  readAllBytes,
  readBytes,
  readText,
  readUint64,
  startsWithField,
} from '../../../../src/engine/traffic/protobuf-fields.ts';

const message = new BinaryWriter()
  .tag(1, WireType.LengthDelimited)
  .bytes(Uint8Array.of(1, 2))
  .tag(2, WireType.Varint)
  .uint64(5n)
  .tag(9, WireType.Bit64)
  .fixed64(7n)
  .tag(10, WireType.StartGroup)
  .tag(1, WireType.LengthDelimited)
  .bytes(Uint8Array.of(9))
  .tag(10, WireType.EndGroup)
  .tag(11, WireType.Bit32)
  .fixed32(7)
  .tag(1, WireType.LengthDelimited)
  .bytes(new Uint8Array(300))
  .tag(2, WireType.Varint)
  .uint64(2n ** 64n - 1n)
  .tag(3, WireType.LengthDelimited)
  .string('é')
  .finish();

test('values are found by number and type among fields of every kind, and the last one counts', () => {
  expect(readAllBytes(message, 1).map(({ length }) => length)).toEqual([2, 300]);
  expect(readBytes(message, 1)).toHaveLength(300);
  expect(readUint64(message, 2)).toBe(2n ** 64n - 1n);
  expect(readText(message, 3)).toBe('é');
  expect(startsWithField(message, 1)).toBe(true);
});

test('absent fields, and fields of another type, are left out', () => {
  expect(readAllBytes(message, 2)).toEqual([]);
  expect(readBytes(message, 4)).toBeUndefined();
  expect(readText(message, 4)).toBe('');
  expect(readUint64(message, 1)).toBeUndefined();
  expect(startsWithField(message, 2)).toBe(false);
  expect(startsWithField(new Uint8Array(), 1)).toBe(false);
});

test.each([
  ['a length beyond the end', [0x0a, 0xff]],
  ['a tag without an end', [0xff, 0xff, 0xff]],
  ['a group without an end', [0x0b]],
  ['an end without a group', [0x0c]],
  ['a truncated fixed field', [0x0d, 1]],
  ['field number 0', [0x02, 1, 1]],
  ['an unknown wire type', [0x0f, 1]],
  ['a varint of more than ten bytes', [0x10, ...Array<number>(11).fill(0xff)]],
  ['groups within groups without an end', Array<number>(10_000).fill(0x0b)],
])('%s ends the reading and throws nothing', (_, bytes) => {
  const whole = [0x0a, 1, 7, 0x10, 3];
  const read = new Uint8Array([...whole, ...bytes]);
  expect(readAllBytes(read, 1)).toEqual([Uint8Array.of(7)]);
  expect(readUint64(read, 2)).toBe(3n);
});

test('no bytes whatsoever make reading throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readAllBytes(bytes, 1);
      readText(bytes, 1);
      readUint64(bytes, 2);
      startsWithField(bytes, 1);
    }),
    { numRuns: 2000 },
  );
});
