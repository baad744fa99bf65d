/**
 * A sync of everything that found nothing, as evidence for the next one. What libxmtp asks, and what it
 * makes of the answers, follows from its database. So while nothing has been written there since, and the
 * node answers the same questions with the same bytes, a sync would again find nothing: the background
 * asks them itself, and no engine has to be opened.
 */
import type { ConsentFilter } from './consent.ts';
import { firstMessage } from './grpc-web.ts';
import { toHex } from './hex.ts';
import type { InstallationId, Milliseconds } from './ids.ts';
import type { EligibleParts } from './run.ts';

export interface ProbeBaseline {
  /** Whose database it is. */
  readonly installationId: InstallationId;
  readonly consent: ConsentFilter;
  readonly at: Milliseconds;
  /** As libxmtp counted them. */
  readonly eligible: number | null;
  readonly eligibleParts?: EligibleParts | undefined;
  readonly calls: readonly ProbeCall[];
}

/** A call that changes nothing on the node, as libxmtp made it, and what it was answered. */
export interface ProbeCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** By `fingerprintOfAnswer`. */
  readonly answer: string;
}

/** The same for two answers that say the same; trailers, which may hold times, are left out. SHA-256, hex. */
export async function fingerprintOfAnswer(answer: Uint8Array<ArrayBuffer>): Promise<string> {
  const message = firstMessage(answer) ?? new Uint8Array();
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', message.slice())));
}
