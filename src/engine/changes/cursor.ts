/** The change cursor: opaque to everyone but the engine. */
import * as v from 'valibot';
import type { ChangeCursor } from '../../shared/engine-protocol.ts';

export interface Cursor {
  /** The store has everything inserted before this. Nanoseconds. */
  readonly from: bigint;
  /** The delivery in progress, by token. If its engine is gone, the delivery starts over. */
  readonly inProgress: string | null;
  /** The last delivery that the store has in full, by token. */
  readonly acknowledged: string | null;
  /**
   * Fingerprint of the conversation list in that delivery (index-state.ts); null in cursors that predate
   * fingerprints.
   */
  readonly fingerprint: string | null;
}

/** Stores hold cursors in this form, so its keys stay. */
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

export const start: Cursor = { from: 0n, inProgress: null, acknowledged: null, fingerprint: null };

export function formatCursor({
  from,
  inProgress,
  acknowledged,
  fingerprint,
}: Cursor): ChangeCursor {
  return JSON.stringify({
    from: String(from < 0n ? 0n : from),
    plan: inProgress,
    done: acknowledged,
    reported: fingerprint,
  } satisfies v.InferInput<typeof schema>);
}

/** Reads an illegible cursor as the start: changes are delivered again, and none is lost. */
export function parseCursor(cursor: ChangeCursor): Cursor {
  try {
    const { from, plan, done, reported } = v.parse(schema, JSON.parse(cursor));
    return { from, inProgress: plan, acknowledged: done, fingerprint: reported };
  } catch {
    return start;
  }
}
