import type { CommandInput, CommandName, CommandOutput } from '../../shared/commands.ts';
import type { Services } from '../services.ts';

/** Answers one command. May throw a LockstepError; anything else becomes `unexpected`. */
export type CommandHandler<Name extends CommandName> = (
  services: Services,
  input: CommandInput<Name>,
) => Promise<CommandOutput<Name>>;
