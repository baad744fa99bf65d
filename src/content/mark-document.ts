/**
 * Runs in the isolated world that the browser gives Lockstep in a document: the page cannot see it or
 * change it, and it ends with the document. So a mark that is still there means the same document.
 *
 * Injected as source text, so it uses nothing from outside of itself.
 */

export interface MarkedDocument {
  readonly origin: string;
  /** The session that last marked this document; null if none did. */
  readonly sessionId: string | null;
}

/** @param sessionId null only looks. */
export function markDocument(sessionId: string | null): MarkedDocument {
  const world = globalThis as { lockstepSession?: string };
  if (sessionId !== null) world.lockstepSession = sessionId;
  return { origin: location.origin, sessionId: world.lockstepSession ?? null };
}
