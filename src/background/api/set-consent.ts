import type { CommandHandler } from './handler.ts';

export const setConsent: CommandHandler<'setConsent'> = async (
  { consent: choices },
  { conversationId, consent },
) => {
  await choices.set(conversationId, consent);
  return null;
};
