/** When a request for history is sent again, and what answers it. Pure. */
import type { AvailableArchive, SyncGroupLog } from '../../shared/archive.ts';
import type { HistoryRequest } from '../../shared/history.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import type { ImportedAnswer } from './import-archive.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Measured to work (docs/libxmtp.md#imports-are-silent): soon at first, then patiently. */
const waits = [30 * second, 2 * minute, 10 * minute, hour];

/** How long to wait after a request was sent for the nth time, from 1. */
export function waitAfter(attempts: number): Milliseconds {
  return waits[Math.min(attempts, waits.length) - 1] ?? 0;
}

/** An archive that could not be imported so often is left aside, and history is asked for again. */
export const triesForArchive = 3;

/**
 * The newest archive that answers a request: one that carries its pin, or one that another
 * installation sent to all since. What answers somebody else's request may leave out what was asked for.
 */
export function answerTo(
  { pins, requestedAt, failedArchives, emptyArchives = {} }: HistoryRequest,
  { archives, requests }: SyncGroupLog,
  self: InstallationId,
): AvailableArchive | null {
  const asked = new Set(requests.map(({ pin }) => pin));
  const answers = archives.filter(
    ({ pin, sender, sentAt, url }) =>
      sender !== self &&
      (pins.includes(pin) || (!asked.has(pin) && sentAt >= requestedAt)) &&
      emptyArchives[url] === undefined &&
      (failedArchives[url] ?? 0) < triesForArchive,
  );
  return answers[0] ?? null;
}

/**
 * A request whose answer was imported. It is over, or goes on where nothing came: asked for again when its
 * time comes, and who answers then may be another one.
 */
export function afterImport(
  request: HistoryRequest,
  archive: AvailableArchive,
  { messages, ...imported }: ImportedAnswer,
  at: Milliseconds,
): HistoryRequest {
  const next = { ...request, problem: null };
  if (!mayOthersHaveMore(request, archive, messages)) {
    return { ...next, state: { kind: 'imported', since: at, archive, ...imported } };
  }
  const emptyArchives = { ...request.emptyArchives, [archive.url]: archive.sender };
  return { ...next, emptyArchives, state: { kind: 'sent', since: at } };
}

/**
 * Whether another installation may have what this answer did not bring: the messages that were asked for.
 * Whoever is online answers, and may be as new as this one is.
 * @param messages how many are here now, of the time before the request.
 */
function mayOthersHaveMore(
  { options, others, emptyArchives = {} }: HistoryRequest,
  { sender }: Pick<AvailableArchive, 'sender'>,
  messages: number,
): boolean {
  if (messages > 0 || !options.elements.includes('messages')) return false;
  const withNothing = new Set([...Object.values(emptyArchives), sender]);
  return others.some(({ id }) => !withNothing.has(id));
}

/** Seconds between two looks, for an alarm: often while an answer is likely, at most every five minutes. */
export function secondsBetweenLooks(
  requests: readonly Pick<HistoryRequest, 'requestedAt'>[],
  now: Milliseconds,
): number {
  const newest = Math.max(...requests.map(({ requestedAt }) => requestedAt));
  return now - newest < 10 * minute ? 30 : 5 * 60;
}
