import type { CommandHandler } from './handler.ts';

export const sync: CommandHandler<'sync'> = async ({ runner }, { scope }) => ({
  runId: await runner.request({ scope, trigger: 'user' }),
});
