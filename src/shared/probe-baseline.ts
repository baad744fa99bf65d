/**
 * The freshness probe's baseline: the calls of a sync of everything that found nothing. Which calls libxmtp
 * makes, and what it concludes from the answers, follows from its database. So while nothing has been written
 * there and the node gives the same calls the same answers, a sync would find nothing again. The background
 * makes the calls itself and does not open the engine.
 */
import type { ConsentFilter } from './consent.ts';
import { firstMessage } from './grpc-web.ts';
import { toHex } from './hex.ts';
import type { InstallationId, Milliseconds } from './ids.ts';
import type { EligibleParts } from './run.ts';

export interface ProbeBaseline {
  /** The database's installation. */
  readonly installationId: InstallationId;
  readonly consent: ConsentFilter;
  readonly at: Milliseconds;
  /** As libxmtp counted them. */
  readonly eligible: number | null;
  readonly eligibleParts?: EligibleParts | undefined;
  readonly calls: readonly ProbeCall[];
}

/** A call as libxmtp made it, which changes nothing on the node, and a fingerprint of its answer. */
export interface ProbeCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** By `fingerprintOfAnswer`. */
  readonly answer: string;
}

/** SHA-256 of an answer's message, hex. Leaves out trailers, which may hold times. */
export async function fingerprintOfAnswer(answer: Uint8Array<ArrayBuffer>): Promise<string> {
  const message = firstMessage(answer) ?? new Uint8Array();
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', message.slice())));
}
