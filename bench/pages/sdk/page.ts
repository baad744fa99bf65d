/** `@xmtp/browser-sdk` as an app uses it: its own worker, its public interface, logging off. */
import {
  BackupElementSelectionOption,
  Client,
  ConsentEntityType,
  ConsentState,
  GroupMessageKind,
  IdentifierKind,
  ListConversationsOrderBy,
  LogLevel,
  SortDirection,
} from '@xmtp/browser-sdk';
import { serve } from '../agent.ts';
import { handlersOf, timed, type ContestantClient } from '../contestant.ts';
import { inPortions } from '../../../network/population/portions.ts';
import { signerOf } from '../key.ts';
import type { HistoryQuery, Person } from '../protocol.ts';

const allowed = [ConsentState.Allowed];

const optionsOf = ({ node }: Person) => ({
  env: 'local' as const,
  apiUrl: node,
  dbPath: 'bench-sdk.db3',
  loggingLevel: LogLevel.Off,
});

const identifierOf = ({ privateKey }: Person) => ({
  identifier: signerOf(privateKey).address,
  identifierKind: IdentifierKind.Ethereum,
});

const list = (client: Client, limit?: number) =>
  client.conversations.list({
    consentStates: allowed,
    orderBy: ListConversationsOrderBy.LastActivity,
    ...(limit === undefined ? {} : { limit: BigInt(limit) }),
  });

function wrap(client: Client): ContestantClient {
  return {
    allow: (conversationIds) =>
      inPortions(conversationIds, (portion) =>
        client.preferences.setConsentStates(
          portion.map((entity) => ({
            entityType: ConsentEntityType.GroupId,
            entity,
            state: ConsentState.Allowed,
          })),
        ),
      ),
    sync: () => client.conversations.syncAll(allowed),
    async read(conversations) {
      const found = await list(client);
      await Promise.all(
        found.slice(0, conversations).map(async (conversation) => {
          await Promise.all([
            conversation.consentState(),
            conversation.members(),
            conversation.lastMessage(),
            conversation.messages({ limit: 20n, direction: SortDirection.Descending }),
          ]);
        }),
      );
    },
    async rows(count) {
      return Promise.all(
        (await list(client, count)).map(async (conversation) => {
          const [last, members] = await Promise.all([
            conversation.lastMessage(),
            conversation.name === undefined ? conversation.members() : [],
          ]);
          return {
            title: conversation.name ?? members.map(({ inboxId }) => inboxId).join(', '),
            preview: typeof last?.content === 'string' ? last.content : (last?.fallback ?? ''),
            at: Number((last?.sentAtNs ?? conversation.createdAtNs ?? 0n) / 1_000_000n),
          };
        }),
      );
    },
    async count() {
      const found = await list(client);
      const counts = await Promise.all(found.map((one) => one.countMessages()));
      return {
        conversations: found.length,
        messages: counts.reduce((sum, count) => sum + Number(count), 0),
      };
    },
    close: async () => client.close(),
  };
}

/** Milliseconds: an app that looks more often keeps libxmtp from importing. */
const lookEvery = 100;

/** What an app does that wants history: asks, syncs again and again, and looks. */
async function requestHistory(client: Client, wanted: HistoryQuery): Promise<void> {
  const elements = [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent];
  await client.sendSyncRequest({ elements, excludeDisappearingMessages: false }, wanted.history);
  while (!(await hasAll(client, wanted))) {
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
    await client.conversations.syncAll(allowed);
  }
}

async function hasAll(client: Client, { conversations, messages }: HistoryQuery): Promise<boolean> {
  const found = await list(client);
  if (found.length < conversations) return false;
  const kind = GroupMessageKind.Application;
  const counts = await Promise.all(found.map((one) => one.countMessages({ kind })));
  return counts.reduce((sum, count) => sum + Number(count), 0) >= messages;
}

let current: Client | null = null;
const keep = (client: Client): ContestantClient => {
  current = client;
  return wrap(client);
};

void serve(location.origin, 'sdk', {
  ...handlersOf({
    async register(person) {
      const { sign } = signerOf(person.privateKey);
      const signer = {
        type: 'EOA' as const,
        getIdentifier: () => identifierOf(person),
        signMessage: async (text: string) => sign(text),
      };
      return keep(await Client.create(signer, optionsOf(person)));
    },
    open: async (person) => keep(await Client.build(identifierOf(person), optionsOf(person))),
  }),
  requestHistory: (wanted) =>
    timed(async () => {
      if (current === null) throw new Error('no client is open');
      await requestHistory(current, wanted);
    }),
});
