import type { CommandHandler } from './handler.ts';

export const setPinned: CommandHandler<'setPinned'> = async (
  { pins },
  { conversationId, pinned },
) => {
  if (pinned) await pins.pin(conversationId);
  else await pins.unpin(conversationId);
  return null;
};
