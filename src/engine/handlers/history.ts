/** Handlers that exchange history with the inbox's other installations. */
import {
  processArchive,
  pullSyncGroups,
  readSyncGroups,
  sendArchive,
} from '../operations/archives.ts';
import { countHistory, installations, requestHistory } from '../operations/history.ts';
import { withCommitsHeld } from '../opfs/coalesce.ts';
import type { OperationRunner } from '../session/operation-runner.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  | 'installations'
  | 'requestHistory'
  | 'countHistory'
  | 'pullSyncGroups'
  | 'readSyncGroups'
  | 'processArchive'
  | 'sendArchive'
  | 'serveHistory';

export function historyHandlers(runner: OperationRunner): HandlersFor<Operations> {
  const { traffic } = runner;
  return {
    installations: runner.withSession<'installations'>(({ session: { client } }) =>
      installations(client),
    ),
    requestHistory: runner.withSession<'requestHistory'>(({ session: { client } }, input) => {
      traffic.allowHistoryServer(input.serverUrl);
      return requestHistory(client, input.options, input.serverUrl);
    }),
    countHistory: runner.withSession<'countHistory'>(({ session: { client } }, { sentBefore }) =>
      countHistory(client, sentBefore),
    ),
    pullSyncGroups: runner.withSession<'pullSyncGroups'>(({ session }) => pullSyncGroups(session)),
    readSyncGroups: runner.withSession<'readSyncGroups'>(({ session }) => readSyncGroups(session), {
      remembers: false,
    }),
    processArchive: runner.withSession<'processArchive'>(({ session }, { pin, serverUrl }) => {
      if (serverUrl !== null) traffic.allowHistoryServer(serverUrl);
      return withCommitsHeld(session.input.databaseName, () => processArchive(session, pin));
    }),
    sendArchive: runner.withSession<'sendArchive'>(async ({ session }, input) => {
      const { options, pin, serverUrl } = input;
      traffic.allowHistoryServer(serverUrl);
      return traffic.uploading(() => sendArchive(session, options, pin, serverUrl));
    }),
    serveHistory: async ({ enabled }) => {
      traffic.allowUploads(enabled);
      return null;
    },
  };
}
