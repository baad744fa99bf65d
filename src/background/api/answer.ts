/** From a message that somebody sent to the answer of a command. */
import * as v from 'valibot';
import type { CommandAnswer } from '../../shared/command-client.ts';
import { commandMessageSchema, commands, type CommandName } from '../../shared/commands.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { Services } from '../services.ts';
import { handlers } from './index.ts';

/** Never rejects. `message` is whatever arrived; only its sender has been checked. */
export async function answerCommand(
  services: () => Promise<Services>,
  message: unknown,
): Promise<CommandAnswer> {
  try {
    const { name, input } = parse(commandMessageSchema, message);
    return { ok: true, output: await handle(name, await services(), input) };
  } catch (error) {
    return { ok: false, error: toErrorRecord(error) };
  }
}

async function handle<Name extends CommandName>(
  name: Name,
  services: Services,
  input: unknown,
): Promise<unknown> {
  return handlers[name](services, parse(commands[name].input, input));
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? 'the message';
  throw new LockstepError('bad_input', { detail: `${where}: ${issue.message}` });
}
