/**
 * Reads single fields of protobuf messages. Nothing here throws: reading stops at the first byte that makes no
 * sense, and what comes before it counts.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Reads the field that the reader is at, or returns false to skip it. */
type ReadField = (reader: BinaryReader, field: number, type: WireType) => boolean;

function readFields(message: Uint8Array, read: ReadField): void {
  const reader = new BinaryReader(message);
  try {
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (!read(reader, field, type)) reader.skip(type, field);
    }
  } catch {
    // Malformed from here on.
  }
}

/** Every value of a field of bytes, strings or messages, in order. */
export function readAllBytes(message: Uint8Array, number: number): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  readFields(message, (reader, field, type) => {
    if (field !== number || type !== WireType.LengthDelimited) return false;
    values.push(reader.bytes());
    return true;
  });
  return values;
}

/** The last value of such a field, which is the one that counts; undefined where it is absent. */
export function readBytes(message: Uint8Array, number: number): Uint8Array | undefined {
  return readAllBytes(message, number).at(-1);
}

/** As `readBytes`, decoded. Empty where the field is absent, as protobuf defines it. */
export function readText(message: Uint8Array, number: number): string {
  return new TextDecoder().decode(readBytes(message, number));
}

/** The last value of a varint field, unsigned; undefined where it is absent. */
export function readUint64(message: Uint8Array, number: number): bigint | undefined {
  let value: bigint | undefined;
  readFields(message, (reader, field, type) => {
    if (field !== number || type !== WireType.Varint) return false;
    value = BigInt(reader.uint64());
    return true;
  });
  return value;
}

/** Whether a message begins with this field of bytes, strings or messages. Reads nothing beyond its tag. */
export function startsWithField(message: Uint8Array, number: number): boolean {
  try {
    const [field, type] = new BinaryReader(message).tag();
    return field === number && type === WireType.LengthDelimited;
  } catch {
    return false;
  }
}
