import type { CommandHandler } from './handler.ts';

/** Being asked is enough: whatever wakes the background makes it take up its work. */
export const wake: CommandHandler<'wake'> = async () => null;
