/** xmtp.identity.api.v1.IdentityApi: inbox logs and their lookup. */
import type { IdentityApi } from '../gen/xmtp/identity/api/v1/identity_pb.ts';
import {
  IdentifierKind,
  type IdentityUpdate,
  type MemberIdentifier,
} from '../gen/xmtp/identity/associations/association_pb.ts';
import type { Handlers } from '../rpc/routes.ts';
import { RpcError } from '../rpc/status.ts';
import type { NetworkState } from '../storage/state.ts';
import { badRequest, require } from './bad-request.ts';
import { identityUpdatesPerInbox, installationsPerInbox } from './limits.ts';

const inboxIdForm = /^[0-9a-f]{64}$/;

export function createIdentityApi(state: NetworkState): Handlers<typeof IdentityApi> {
  return {
    publishIdentityUpdate({ identityUpdate }) {
      if (identityUpdate === undefined) throw badRequest('identity_update: missing');
      checkUpdate(state, identityUpdate);
      state.addIdentityUpdate(identityUpdate);
      return {};
    },
    getIdentityUpdates({ requests }) {
      return {
        responses: requests.map(({ inboxId, sequenceId }, index) => {
          require(inboxIdForm.test(inboxId), `requests[${index}].inbox_id: not 64 hex digits`);
          return { inboxId, updates: [...state.identityLog(inboxId, sequenceId)] };
        }),
      };
    },
    getInboxIds({ requests }) {
      return {
        responses: requests.map(({ identifier, identifierKind }, index) => {
          require(identifier !== '', `requests[${index}].identifier: missing`);
          checkKind(identifierKind, `requests[${index}].identifier_kind`);
          const inboxId = state.inboxes.find(identifierKind, identifier);
          return { identifier, identifierKind, ...(inboxId === null ? {} : { inboxId }) };
        }),
      };
    },
    verifySmartContractWalletSignatures({ signatures }) {
      return {
        responses: signatures.map(() => ({
          isValid: false,
          error: 'This local network has no chain, so it cannot ask a smart-contract wallet.',
        })),
      };
    },
  };
}

function checkUpdate(state: NetworkState, { inboxId, actions }: IdentityUpdate): void {
  require(inboxIdForm.test(inboxId), 'identity_update.inbox_id: not 64 hex digits');
  require(actions.length > 0, 'identity_update.actions: none');
  const log = state.identityLog(inboxId, 0n);
  if (log.length >= identityUpdatesPerInbox) {
    throw new RpcError(
      'FAILED_PRECONDITION',
      `inbox ${inboxId} already has ${identityUpdatesPerInbox} updates`,
    );
  }
  const installations = new Set(state.inboxes.activeInstallations(inboxId));
  actions.forEach(({ kind }, index) => {
    const where = `identity_update.actions[${index}]`;
    switch (kind.case) {
      case 'createInbox':
        require(kind.value.initialIdentifier !== '', `${where}.initial_identifier: missing`);
        checkKind(kind.value.initialIdentifierKind, `${where}.initial_identifier_kind`);
        require(log.length === 0 && index === 0, `${where}: this inbox was created before`);
        break;
      case 'add':
        checkMember(kind.value.newMemberIdentifier, `${where}.new_member_identifier`);
        follow(installations, kind.value.newMemberIdentifier, 'add');
        break;
      case 'revoke':
        checkMember(kind.value.memberToRevoke, `${where}.member_to_revoke`);
        follow(installations, kind.value.memberToRevoke, 'revoke');
        break;
      case 'changeRecoveryAddress':
        require(kind.value.newRecoveryIdentifier !==
          '', `${where}.new_recovery_identifier: missing`);
        checkKind(kind.value.newRecoveryIdentifierKind, `${where}.new_recovery_identifier_kind`);
        break;
      case undefined:
        throw badRequest(`${where}: no kind that is known here`);
    }
  });
  if (installations.size > installationsPerInbox) {
    throw new RpcError(
      'FAILED_PRECONDITION',
      `inbox ${inboxId} already has ${installationsPerInbox} installations`,
    );
  }
  if (log.length === 0) {
    require(actions[0]?.kind.case === 'createInbox', 'identity_update: the inbox does not exist');
  }
}

function checkKind(kind: IdentifierKind, where: string): void {
  require(kind in IdentifierKind, `${where}: ${kind} is unknown`);
}

function checkMember(member: MemberIdentifier | undefined, where: string): void {
  switch (member?.kind.case) {
    case 'ethereumAddress':
      require(member.kind.value !== '', `${where}: empty address`);
      break;
    case 'installationPublicKey':
      require(member.kind.value.length === 32, `${where}: not a key of 32 bytes`);
      break;
    case 'passkey':
      require(member.kind.value.key.length > 0, `${where}: empty passkey`);
      break;
    case undefined:
      throw badRequest(`${where}: missing`);
  }
}

function follow(
  installations: Set<string>,
  member: MemberIdentifier | undefined,
  action: 'add' | 'revoke',
): void {
  if (member?.kind.case !== 'installationPublicKey') return;
  const key = Buffer.from(member.kind.value).toString('hex');
  if (action === 'add') installations.add(key);
  else installations.delete(key);
}
