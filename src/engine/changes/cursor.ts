/** The change cursor: opaque to everyone but the engine. */
import * as v from 'valibot';
import type { ChangeCursor } from '../../shared/engine-protocol.ts';

export interface Cursor {
  /** Everything inserted before this is in the store. Nanoseconds. */
  readonly from: bigint;
  /** The reading that this cursor is in the middle of; it is begun anew if its engine is gone. */
  readonly plan: string | null;
  /** The reading that this cursor is the end of. */
  readonly done: string | null;
  /**
   * The fingerprint of the list of conversations that the store was last told whole (reported.ts); null
   * in a cursor of before there were any.
   */
  readonly reported: string | null;
}

const schema = v.strictObject({
  from: v.pipe(
    v.string(),
    v.regex(/^\d+$/),
    v.transform((text) => BigInt(text)),
  ),
  plan: v.nullable(v.string()),
  done: v.nullable(v.string()),
  reported: v.optional(v.nullable(v.string()), null),
});

export const beginning: Cursor = { from: 0n, plan: null, done: null, reported: null };

export function formatCursor({ from, ...rest }: Cursor): ChangeCursor {
  return JSON.stringify({ from: String(from < 0n ? 0n : from), ...rest });
}

/** A cursor that cannot be read means from the beginning: too much is repeated, nothing is lost. */
export function parseCursor(cursor: ChangeCursor): Cursor {
  try {
    return v.parse(schema, JSON.parse(cursor));
  } catch {
    return beginning;
  }
}
