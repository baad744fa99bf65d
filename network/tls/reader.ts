/**
 * Reads TLS presentation language (RFC 8446, 3) with MLS's variable-length vectors (RFC 9420, 2.1.2).
 * Every read checks its bounds: bytes come from anybody who can reach the port.
 */
export class TlsError extends Error {
  override readonly name = 'TlsError';
}

/** Lengths must use the shortest form that holds them: the smallest of each form. */
const smallest = [0, 1 << 6, 1 << 14];

export class TlsReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  /** An `opaque<V>`: its length as a QUIC variable-length integer of 1, 2 or 4 bytes, then its bytes. */
  vector(): Uint8Array {
    const first = this.#view.getUint8(this.#take(1));
    const prefix = first >> 6;
    if (prefix === 3) throw new TlsError('a vector length has an invalid prefix');
    let length = first & 0x3f;
    const more = (1 << prefix) - 1;
    const start = this.#take(more);
    for (let i = 0; i < more; i++) length = length * 256 + this.#view.getUint8(start + i);
    if (length < (smallest[prefix] ?? 0)) {
      throw new TlsError('a vector length is longer than it needs to be');
    }
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** Throws where bytes are left over. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new TlsError(`${left} bytes are left over after its end`);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) {
      throw new TlsError(`ends at byte ${this.#bytes.length}, inside a field that starts at ${at}`);
    }
    this.#at += count;
    return at;
  }
}
