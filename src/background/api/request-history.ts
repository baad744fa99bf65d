import type { CommandHandler } from './handler.ts';

const hour = 60 * 60_000;

export const requestHistory: CommandHandler<'requestHistory'> = async (
  { history },
  { options, serverUrl, patience },
) => ({
  requestId: await history.request({ options, serverUrl, giveUpAfter: patience * hour }),
});
