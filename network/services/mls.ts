/** xmtp.mls.api.v1.MlsApi: groups, welcomes, key packages, commit log. */
import {
  SortDirection,
  type GroupMessage,
  type GroupMessageInput,
  type KeyPackageUpload,
  type MlsApi,
} from '../gen/xmtp/mls/api/v1/mls_pb.ts';
import type { Handlers } from '../rpc/routes.ts';
import type { NetworkState, NewGroupMessage } from '../storage/state.ts';
import { readInstallationKey } from '../tls/key-package.ts';
import { readMlsMessageHeader } from '../tls/mls-message.ts';
import { badRequest, parsing, require } from './bad-request.ts';
import { checkInstallationKey } from './installation-key.ts';
import {
  commitLogInserts,
  commitLogQueries,
  longestMessage,
  newestMessagesPerCall,
} from './limits.ts';
import { readPage } from './paging.ts';
import { acceptWelcome } from './welcomes.ts';

/** Everything in a request is checked before anything of it is stored. */
export function createMlsApi(state: NetworkState): Handlers<typeof MlsApi> {
  return {
    sendGroupMessages({ messages }) {
      require(messages.length > 0, 'messages: none');
      state.addGroupMessages(messages.map(acceptGroupMessage));
      return {};
    },
    sendWelcomeMessages({ messages }) {
      require(messages.length > 0, 'messages: none');
      state.addWelcomes(messages.map((input, i) => acceptWelcome(input, `messages[${i}]`)));
      return {};
    },
    registerInstallation({ keyPackage }) {
      return { installationKey: storeKeyPackage(state, keyPackage) };
    },
    uploadKeyPackage({ keyPackage }) {
      storeKeyPackage(state, keyPackage);
      return {};
    },
    fetchKeyPackages({ installationKeys }) {
      installationKeys.forEach((key, i) => checkInstallationKey(key, `installation_keys[${i}]`));
      return {
        keyPackages: installationKeys.map((key) => ({
          keyPackageTlsSerialized: state.keyPackage(key) ?? new Uint8Array(),
        })),
      };
    },
    queryGroupMessages({ groupId, pagingInfo }) {
      checkGroupId(groupId, 'group_id');
      const log = state.groupMessages;
      const page = readPage(log, groupId, pagingInfo, SortDirection.DESCENDING);
      return { messages: page.entries, pagingInfo: page.pagingInfo };
    },
    queryWelcomeMessages({ installationKey, pagingInfo }) {
      checkInstallationKey(installationKey, 'installation_key');
      const page = readPage(state.welcomes, installationKey, pagingInfo, SortDirection.DESCENDING);
      return { messages: page.entries, pagingInfo: page.pagingInfo };
    },
    subscribeGroupMessages({ filters }, signal) {
      filters.forEach(({ groupId }, i) => checkGroupId(groupId, `filters[${i}].group_id`));
      const cursors = filters.map(({ groupId, idCursor }) => ({
        topic: groupId,
        cursor: idCursor,
      }));
      return state.groupMessages.subscribe(cursors, signal);
    },
    subscribeWelcomeMessages({ filters }, signal) {
      const cursors = filters.map(({ installationKey, idCursor }, i) => {
        checkInstallationKey(installationKey, `filters[${i}].installation_key`);
        return { topic: installationKey, cursor: idCursor };
      });
      return state.welcomes.subscribe(cursors, signal);
    },
    batchPublishCommitLog({ requests }) {
      require(requests.length > 0, 'requests: none');
      require(requests.length <= commitLogInserts, `requests: more than ${commitLogInserts}`);
      state.addCommitLogEntries(
        requests.map(({ groupId, serializedCommitLogEntry, signature }, i) => {
          checkGroupId(groupId, `requests[${i}].group_id`);
          const { length } = serializedCommitLogEntry;
          const where = `requests[${i}].serialized_commit_log_entry`;
          require(length > 0, `${where}: missing`);
          require(length <= longestMessage, `${where}: longer than ${longestMessage} bytes`);
          const signed = signature === undefined ? {} : { signature };
          return { groupId, serializedCommitLogEntry, ...signed };
        }),
      );
      return {};
    },
    batchQueryCommitLog({ requests }) {
      require(requests.length <= commitLogQueries, `requests: more than ${commitLogQueries}`);
      return {
        responses: requests.map(({ groupId, pagingInfo }, i) => {
          checkGroupId(groupId, `requests[${i}].group_id`);
          require(pagingInfo?.direction !==
            SortDirection.DESCENDING, `requests[${i}].paging_info.direction: a commit log is read in ascending order`);
          const page = readPage(state.commitLog, groupId, pagingInfo, SortDirection.ASCENDING);
          return { groupId, commitLogEntries: page.entries, pagingInfo: page.pagingInfo };
        }),
      };
    },
    getNewestGroupMessage({ groupIds, includeContent }) {
      const most = newestMessagesPerCall;
      require(groupIds.length <= most, `group_ids: more than ${most}`);
      groupIds.forEach((groupId, i) => checkGroupId(groupId, `group_ids[${i}]`));
      return {
        responses: groupIds.map((groupId) => {
          const newest = state.groupMessages.newest(groupId);
          if (newest === null) return {};
          return { groupMessage: includeContent ? newest : withoutContent(newest) };
        }),
      };
    },
  };
}

function checkGroupId(groupId: Uint8Array, where: string): void {
  require(groupId.length > 0, `${where}: missing`);
}

function acceptGroupMessage({ version }: GroupMessageInput, index: number): NewGroupMessage {
  const where = `messages[${index}]`;
  if (version.case === undefined) throw badRequest(`${where}: no version that is known here`);
  const { data, senderHmac, shouldPush } = version.value;
  require(data.length <= longestMessage, `${where}.data: longer than ${longestMessage} bytes`);
  const { groupId, isCommit } = parsing(`${where}.data`, () => readMlsMessageHeader(data));
  return { groupId, data, senderHmac, shouldPush, isCommit };
}

function storeKeyPackage(
  state: NetworkState,
  upload: KeyPackageUpload | undefined,
): Uint8Array<ArrayBuffer> {
  const bytes = upload?.keyPackageTlsSerialized ?? new Uint8Array();
  require(bytes.length > 0, 'key_package: missing');
  require(bytes.length <= longestMessage, `key_package: longer than ${longestMessage} bytes`);
  const key = parsing('key_package', () => readInstallationKey(bytes)).slice();
  state.setKeyPackage(key, bytes);
  return key;
}

/** Metadata alone: for a thousand groups the payloads would be fifty times the answer. */
function withoutContent({ $typeName, version }: GroupMessage): GroupMessage {
  if (version.case !== 'v1') return { $typeName, version };
  const value = { ...version.value, data: new Uint8Array(), senderHmac: new Uint8Array() };
  return { $typeName, version: { case: 'v1', value } };
}
