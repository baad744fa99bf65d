/** The bare bindings in their worker. */
import init, {
  BackendBuilder,
  ConsentEntityType,
  ConsentState,
  createClientWithBackend,
  DeviceSyncMode,
  generateInboxId,
  getInboxIdForIdentifier,
  IdentifierKind,
  ListConversationsOrderBy,
  LogLevel,
  opfsInit,
  SortDirection,
  XmtpEnv,
  type Client,
  type ConversationListItem,
} from '@xmtp/wasm-bindings';
import { inPortions } from '../../../network/population/portions.ts';
import { signerOf } from '../key.ts';
import type { Person } from '../protocol.ts';

export type BindingsRequest =
  | { readonly step: 'register' | 'open'; readonly person: Person }
  | { readonly step: 'sync' | 'count' | 'close' }
  | { readonly step: 'allow'; readonly conversationIds: readonly string[] }
  | { readonly step: 'read'; readonly conversations: number }
  | { readonly step: 'rows'; readonly count: number };

export type BindingsAnswer =
  { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: string };

const allowed = [ConsentState.Allowed];
let client: Client | null = null;

async function open({ privateKey, node }: Person, register: boolean): Promise<void> {
  await init();
  await opfsInit();
  const { address, sign } = signerOf(privateKey);
  const identifier = { identifier: address, identifierKind: IdentifierKind.Ethereum };
  const backend = new BackendBuilder(XmtpEnv.Local).setApiUrl(node).build();
  const inboxId =
    (await getInboxIdForIdentifier(backend, identifier)) ?? generateInboxId(identifier, 1n);
  client = await createClientWithBackend(
    backend,
    inboxId,
    identifier,
    'bench-bindings.db3',
    null,
    DeviceSyncMode.Enabled,
    null,
    { level: LogLevel.Off },
  );
  const request = register ? client.createInboxSignatureRequest() : undefined;
  if (request === undefined) return;
  await request.addEcdsaSignature(sign(await request.signatureText()));
  await client.registerIdentity(request);
}

const list = (opened: Client, limit?: number): readonly ConversationListItem[] =>
  opened.conversations().list({
    consentStates: allowed,
    orderBy: ListConversationsOrderBy.LastActivity,
    ...(limit === undefined ? {} : { limit: BigInt(limit) }),
  }) as ConversationListItem[];

async function carryOut(request: BindingsRequest): Promise<unknown> {
  if (request.step === 'register' || request.step === 'open') {
    await open(request.person, request.step === 'register');
    return null;
  }
  const opened = client;
  if (opened === null) throw new Error('no client is open');
  switch (request.step) {
    case 'allow':
      await inPortions(request.conversationIds, (portion) =>
        opened.setConsentStates(
          portion.map((entity) => ({
            entityType: ConsentEntityType.GroupId,
            entity,
            state: ConsentState.Allowed,
          })),
        ),
      );
      return null;
    case 'sync':
      await opened.conversations().syncAllConversations(allowed);
      return null;
    case 'count': {
      let messages = 0;
      const found = list(opened);
      for (const { conversation } of found) messages += Number(await conversation.countMessages());
      return { conversations: found.length, messages };
    }
    case 'read':
      for (const { conversation } of list(opened).slice(0, request.conversations)) {
        conversation.consentState();
        await conversation.listMembers();
        await conversation.findMessages({ limit: 20n, direction: SortDirection.Descending });
      }
      return null;
    case 'rows':
      return list(opened, request.count).map(({ conversation, lastMessage }) => ({
        title: conversation.groupName(),
        preview: lastMessage?.id ?? '',
        at: Number((lastMessage?.sentAtNs ?? 0n) / 1_000_000n),
      }));
    case 'close':
      self.close();
      return null;
  }
}

self.onmessage = ({ data }: MessageEvent<BindingsRequest>) => {
  const answer = (message: BindingsAnswer) => self.postMessage(message);
  carryOut(data).then(
    (output) => answer({ ok: true, output }),
    (error: unknown) => answer({ ok: false, error: `${data.step}: ${String(error)}` }),
  );
};
