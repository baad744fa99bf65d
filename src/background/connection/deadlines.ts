/** How long the engine may take. */
import type { EngineOperation, EngineOperations } from '../../shared/engine-protocol.ts';
import type { EngineLink } from './engine-link.ts';

/**
 * Milliseconds until an operation counts as hung and its worker is replaced. Calls to the network have
 * deadlines of their own in the engine, so only a stuck engine gets here.
 */
const deadlines: Partial<Record<EngineOperation, number>> = {
  open: 60_000,
  sync: 15 * 60_000,
  // The longest that timers take: streams are to stay open, and their engine's end settles the call.
  streamsEnded: 2 ** 31 - 1,
  processArchive: 10 * 60_000,
  makeBackup: 10 * 60_000,
  checkBackup: 10 * 60_000,
  importBackup: 15 * 60_000,
};
const usualDeadline = 2 * 60_000;

/** Calls the engine. Throws engine_timeout after the operation's deadline, and what the engine throws. */
export function callInTime<Op extends EngineOperation>(
  { rpc }: EngineLink,
  name: Op,
  input: EngineOperations[Op]['input'],
): Promise<EngineOperations[Op]['output']> {
  return rpc.call(name, input, { deadline: deadlines[name] ?? usualDeadline });
}
