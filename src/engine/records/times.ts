import type { Milliseconds } from '../../shared/ids.ts';

/** Nanoseconds as milliseconds with their fraction, precise to about a quarter of a microsecond. */
export function fromNanoseconds(nanoseconds: bigint): Milliseconds {
  return Number(nanoseconds / 1_000n) / 1000 + Number(nanoseconds % 1_000n) / 1_000_000;
}

export function toNanoseconds(milliseconds: Milliseconds): bigint {
  return BigInt(Math.round(milliseconds * 1000)) * 1_000n;
}

export function nowInNanoseconds(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
