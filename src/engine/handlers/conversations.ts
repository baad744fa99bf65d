/** Handlers for single conversations. */
import {
  conversationMessages,
  countMessages,
  sendText,
  setConsent,
} from '../operations/conversations.ts';
import { restartDm } from '../operations/restart-dm.ts';
import type { OperationRunner } from '../session/operation-runner.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  'countMessages' | 'conversationMessages' | 'setConsent' | 'restartDm' | 'sendText';

export function conversationHandlers(runner: OperationRunner): HandlersFor<Operations> {
  return {
    countMessages: runner.withSession<'countMessages'>(({ session: { client } }, input) =>
      countMessages(client, input),
    ),
    conversationMessages: runner.withSession<'conversationMessages'>(
      ({ session: { client } }, input) => conversationMessages(client, input),
    ),
    setConsent: runner.withSession<'setConsent'>(({ session }, input) =>
      setConsent(session, input),
    ),
    restartDm: runner.withSession<'restartDm'>(({ session }, input) => restartDm(session, input)),
    sendText: runner.withSession<'sendText'>(({ session: { client } }, input) =>
      sendText(client, input),
    ),
  };
}
