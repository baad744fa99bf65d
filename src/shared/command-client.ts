/** How pages ask the background: the envelope, the deadline, the answer. */
import type { CommandArguments, CommandName, CommandOutput } from './commands.ts';
import { errorRecordSchema, fromErrorRecord, LockstepError, type ErrorRecord } from './errors.ts';
import * as v from 'valibot';

/** What the background answers to a command. */
export type CommandAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly error: ErrorRecord };

const answerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), output: v.unknown() }),
  v.object({ ok: v.literal(false), error: errorRecordSchema }),
]);

export type SendCommand = <Name extends CommandName>(
  name: Name,
  input: CommandArguments<Name>,
) => Promise<CommandOutput<Name>>;

/** Commands answer when their work is journaled, not when it is done, so this is plenty. */
const usualDeadline = 30_000;
/** Looking into a file reads all of it: some seconds for a hundred thousand messages. */
const deadlines: Partial<Record<CommandName, number>> = { inspectBackup: 5 * 60_000 };

/** @param sendMessage `runtime.sendMessage`. The sender rejects with a LockstepError only. */
export function createCommandClient(
  sendMessage: (message: unknown) => Promise<unknown>,
): SendCommand {
  return async <Name extends CommandName>(name: Name, input: CommandArguments<Name>) => {
    const answer = v.safeParse(answerSchema, await askInTime(name, input));
    if (!answer.success) {
      throw new LockstepError('unexpected', { detail: `${name} was not answered` });
    }
    if (!answer.output.ok) throw fromErrorRecord(answer.output.error);
    return answer.output.output as CommandOutput<Name>;
  };

  async function askInTime(name: CommandName, input: unknown): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new LockstepError('engine_timeout', { detail: `${name} was not answered` }));
      }, deadlines[name] ?? usualDeadline);
    });
    try {
      return await Promise.race([sendMessage({ lockstep: 'command', name, input }), late]);
    } catch (error) {
      if (error instanceof LockstepError) throw error;
      throw new LockstepError('unexpected', { detail: String(error), cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
