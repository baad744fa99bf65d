/** libxmtp's ways to sync, each checked against the traffic. */
import type { Client } from '@xmtp/wasm-bindings';
import type { ConsentState } from '../../shared/consent.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import type { SyncInput, SyncOutput } from '../../shared/engine-protocol.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { RunFailure } from '../../shared/run.ts';
import {
  findConversation,
  listDeviceSyncGroups,
  writableGroup,
  type ListedConversation,
} from '../conversations/find-conversations.ts';
import { networkError } from '../errors.ts';
import { fromLibConsent, toLibConsent } from '../records/enums.ts';
import type { ConsentChange } from '../changes/pending-changes.ts';
import type { OperationContext } from '../session/session.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';
import { EligibleGroups, type GroupKinds } from './eligible-groups.ts';
import { Joining } from './joining.ts';
import { RecentFirst } from './recent-first.ts';
import { syncConversation, syncOneByOne } from './sync-one-by-one.ts';

type Synced = Pick<SyncOutput, 'eligible' | 'eligibleParts' | 'synced'>;

/** For scopes where libxmtp counts nothing. */
const uncounted: Synced = { eligible: null, eligibleParts: null, synced: null };

/** Throws only if nothing worked at all; other failures are part of the output. */
export async function sync(context: OperationContext, input: SyncInput): Promise<SyncOutput> {
  const failures: RunFailure[] = [];
  const synced = await syncScope(context, input, failures);
  return { ...synced, ...outcome(context, failures) };
}

/**
 * Adds what the traffic shows to the failures that the sync met itself. Throws the network's error if every
 * call failed.
 */
function outcome(
  { session: { pending }, evidence }: OperationContext,
  met: readonly RunFailure[],
): Pick<SyncOutput, 'failures' | 'traffic'> {
  const failures = [...met];
  const failedCalls = evidence.failures();
  if (failedCalls.length > 0) {
    const { byId, duplicates } = pending.index();
    for (const { groupId, failure } of failedCalls) {
      const id = groupId as ConversationId | null;
      const known = id === null ? null : (duplicates.get(id) ?? (byId.has(id) ? id : null));
      if (failures.some(({ conversationId }) => conversationId === known)) continue;
      failures.push({ conversationId: known, error: toErrorRecord(networkError(failure)) });
    }
  }
  const [first] = failedCalls;
  if (first !== undefined && evidence.nothingWorked) throw networkError(first.failure);
  return { failures, traffic: evidence.traffic };
}

async function syncScope(
  context: OperationContext,
  { scope, thorough, also, pinned, quietSince, knownEligible }: SyncInput,
  failures: RunFailure[],
): Promise<Synced> {
  const { client, pending } = context.session;
  const groups = new EligibleGroups();
  switch (scope.kind) {
    case 'all': {
      const compareConsents = pending.watchConsents();
      const wanted = () =>
        pending.index().listed.filter((one) => scope.consent.includes(consentOf(one)));
      const recent = new RecentFirst(context, {
        consent: scope.consent,
        pinned,
        quietSince,
        further: thorough ? wanted().length : also.length,
      });
      context.evidence.watch(new Joining(context), recent, groups);
      const states = scope.consent.map(toLibConsent);
      const { numEligible, numSynced } = await client.conversations().syncAllConversations(states);
      const compared = compareConsents();
      const left = new Set<ConversationId>();
      for (const id of also) if (pending.index().byId.has(id)) left.add(id);
      if (thorough || compared !== null) {
        for (const { id } of wanted()) {
          if (thorough || isNewlyWanted(context, compared, id)) left.add(id);
        }
      }
      if (left.size > 0) context.evidence.expectAgain(left.size);
      await syncOneByOne(context, [...left], failures);
      const index = pending.knownIndex();
      const kinds = index === null ? null : () => kindsOf(client, index);
      const eligibleParts = await groups.parts(numEligible, knownEligible, kinds);
      return { eligible: numEligible, eligibleParts, synced: numSynced };
    }
    case 'conversation': {
      const listed = findConversation(client, scope.conversationId);
      // An inactive one waits for a welcome.
      if ((await writableGroup(client, listed)) === null) await client.conversations().sync();
      await syncConversation(client, scope.conversationId);
      return uncounted;
    }
    case 'conversations':
      context.evidence.watch(new Joining(context));
      await client.conversations().sync();
      return uncounted;
    case 'preferences': {
      context.evidence.watch(groups);
      const { numEligible, numSynced } = await client.syncPreferences();
      const eligibleParts = await groups.parts(numEligible, knownEligible, () =>
        kindsOf(client, { byId: new Map(), duplicates: new Map() }),
      );
      return { eligible: numEligible, eligibleParts, synced: numSynced };
    }
  }
}

function consentOf({ conversation }: ListedConversation): ConsentState {
  return fromLibConsent(conversation.consentState());
}

/**
 * libxmtp reads other installations' choices last, after it has fetched messages. Without this, conversations
 * that they allowed would wait for the next sync.
 */
function isNewlyWanted(
  { evidence }: OperationContext,
  compared: ConsentChange | null,
  id: ConversationId,
): boolean {
  if (compared === null || evidence.fetchedGroups.has(id)) return false;
  return compared.before.get(id) !== compared.after.get(id);
}

function kindsOf(
  client: Client,
  { byId, duplicates }: Pick<ConversationIndex, 'byId' | 'duplicates'>,
): GroupKinds {
  const deviceSync = new Set(listDeviceSyncGroups(client).map((group) => group.id()));
  return { byId, duplicates, deviceSync };
}
