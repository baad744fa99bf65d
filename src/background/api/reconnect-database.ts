import type { CommandHandler } from './handler.ts';

export const reconnectDatabase: CommandHandler<'reconnectDatabase'> = async ({
  accounts,
  connection,
  live,
}) => {
  await accounts.ready();
  await connection.reconnect();
  live.resume();
  return null;
};
