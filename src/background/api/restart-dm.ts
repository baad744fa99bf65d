import type { CommandHandler } from './handler.ts';

/** The store follows whatever became of it: a try that failed may have left something to go on with. */
export const restartDm: CommandHandler<'restartDm'> = ({ connection, updates }, input) =>
  connection.use(async (engine) => {
    try {
      return await engine.call('restartDm', input);
    } finally {
      await updates.update(engine, { scan: 'touched', messagesOf: ['allowed'] });
    }
  });
