/** The little of protobuf's wire format (protobuf.dev/programming-guides/encoding) that reading answers needs. */

const varintType = 0;
const fixed64Type = 1;
const bytesType = 2;
const fixed32Type = 5;

type Field =
  | { readonly number: number; readonly varint: bigint }
  | { readonly number: number; readonly bytes: Uint8Array };

/** One message; reading stops at the first byte that makes no sense. */
export class ProtoReader {
  readonly #fields: readonly Field[];

  constructor(bytes: Uint8Array) {
    this.#fields = readFields(bytes);
  }

  /** Every message in a field, in order. */
  messages(number: number): readonly ProtoReader[] {
    return this.#fields.flatMap((field) =>
      field.number === number && 'bytes' in field ? [new ProtoReader(field.bytes)] : [],
    );
  }

  /** Every value of a field of bytes, in order. */
  allBytes(number: number): readonly Uint8Array[] {
    return this.#fields.flatMap((field) =>
      field.number === number && 'bytes' in field ? [field.bytes] : [],
    );
  }

  /** The last bytes of a field; undefined where it is absent. */
  bytes(number: number): Uint8Array | undefined {
    let value: Uint8Array | undefined;
    for (const field of this.#fields) {
      if (field.number === number && 'bytes' in field) value = field.bytes;
    }
    return value;
  }

  /** The last text of a field; empty where it is absent, as protobuf has it. */
  text(number: number): string {
    return new TextDecoder().decode(this.bytes(number));
  }

  /** The last value of a field, which is the one that counts; undefined where it is absent. */
  varint(number: number): bigint | undefined {
    let value: bigint | undefined;
    for (const field of this.#fields) {
      if (field.number === number && 'varint' in field) value = field.varint;
    }
    return value;
  }
}

function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const tag = varint();
    if (tag === null) return fields;
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (type === varintType) {
      const value = varint();
      if (value === null) return fields;
      fields.push({ number, varint: value });
      continue;
    }
    const length = lengthOf(type, varint);
    if (length === null || at + length > bytes.length) return fields;
    if (type === bytesType) fields.push({ number, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

function lengthOf(type: number, varint: () => bigint | null): number | null {
  switch (type) {
    case fixed64Type:
      return 8;
    case fixed32Type:
      return 4;
    case bytesType: {
      const length = varint();
      return length === null ? null : Number(length);
    }
    default:
      return null;
  }
}
