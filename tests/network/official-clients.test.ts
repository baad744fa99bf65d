/** Official clients of several versions, unchanged, over their own protocols, and with one another. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressOf, createPeer, signText } from '../../network/population/peer.ts';
import { textsOf } from '../support/world.ts';
import { until } from '../support/until.ts';
import {
  bringClients,
  loadBindings,
  loadNodeSdk,
  type Bindings,
  type BindingsClient,
  type NodeClient,
  type NodeSdk,
} from './support/official.ts';
import { useNetwork } from './support/wire.ts';

const network = useNetwork();
const missing = bringClients();
if (missing !== null) throw new Error(missing);
const sdk = await loadNodeSdk();

const newPeer = () => {
  const { grpcWeb, history } = network.current.addresses;
  return createPeer({ node: grpcWeb, history });
};

async function createOld(bindings: Bindings): Promise<BindingsClient> {
  const privateKey = randomBytes(32);
  const identifier = {
    identifier: addressOf(privateKey),
    identifierKind: bindings.IdentifierKind?.['Ethereum'] ?? 'Ethereum',
  };
  const inboxId = bindings.generateInboxId(identifier, 1n);
  const { grpcWeb } = network.current.addresses;
  const client = await bindings.createClient(grpcWeb, inboxId, identifier, null, null);
  const request = client.createInboxSignatureRequest();
  if (request === null) throw new Error('there is nothing to sign');
  await request.addEcdsaSignature(signText(await request.signatureText(), privateKey));
  await client.registerIdentity(request);
  return client;
}

describe.each(['wasm-bindings-1.6', 'wasm-bindings-1.9', 'wasm-bindings-1.10'])('%s', (name) => {
  let bindings: Bindings;
  beforeAll(async () => {
    bindings = await loadBindings(name);
    // Their log goes to the console, and each version turns it off in another way.
    for (const method of ['log', 'info', 'warn', 'debug', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation(() => undefined);
    }
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  test('registers, founds a group with the newest version, renames it and reads it', async () => {
    const [old, peer] = [await createOld(bindings), await newPeer()];
    const group = await old.conversations().createGroupByInboxIds([peer.inboxId]);
    await group.updateGroupName('From an older version');
    const conversations = peer.client.conversations();
    await conversations.sync();
    const seen = conversations.findGroupById(group.id());
    await seen.sync();
    expect(seen.groupName()).toBe('From an older version');
    await seen.sendText('from the newest version');
    await group.sync();
    const texts = (await group.findMessages()).map(({ content }) =>
      Buffer.from(content.content).toString('utf8'),
    );
    expect(texts.some((text) => text.includes('from the newest version'))).toBe(true);
  });
});

describe.skipIf(typeof sdk === 'string')(
  `node-sdk 5.2.0 over native gRPC${typeof sdk === 'string' ? ` (cannot be loaded: ${sdk})` : ''}`,
  () => {
    async function create(privateKey: Uint8Array = randomBytes(32)): Promise<NodeClient> {
      const { Client, ApiUrls, HistorySyncUrls } = sdk as NodeSdk;
      // Its environment has fixed ports, and others run networks on this machine, too.
      ApiUrls['local'] = network.current.addresses.grpc;
      HistorySyncUrls['local'] = network.current.addresses.history;
      const identifier = { identifier: addressOf(privateKey), identifierKind: 0 };
      const signer = {
        type: 'EOA',
        getIdentifier: () => identifier,
        signMessage: (text: string) => signText(text, privateKey),
      };
      return Client.create(signer, { env: 'local', dbPath: null });
    }

    test('a group with the newest bindings: name and messages in both directions', async () => {
      const [client, peer] = [await create(), await newPeer()];
      const group = await client.conversations.createGroup([peer.inboxId]);
      await group.updateName('From Node');
      await group.sendText('from Node');
      const conversations = peer.client.conversations();
      await conversations.sync();
      const seen = conversations.findGroupById(group.id);
      expect(await textsOf(seen)).toEqual(['from Node']);
      expect(seen.groupName()).toBe('From Node');
      await seen.sendText('from the bindings');
      await group.sync();
      const contents = (await group.messages()).map(({ content }) => content);
      expect(contents).toContain('from the bindings');
    });

    test('a stream opens on a silent network, and brings what is sent later', async () => {
      const [client, peer] = [await create(), await newPeer()];
      const found: unknown[] = [];
      // Resolves only if the headers of a silent subscription arrive at once.
      const stream = await client.conversations.streamAllMessages();
      const reading = (async () => {
        for await (const { content } of stream) found.push(content);
      })();
      const dm = await peer.client.conversations().createDmByInboxId(client.inboxId);
      await dm.sendText('hello stream');
      await until('the message in the stream', () => found.includes('hello stream'));
      await stream.end();
      await reading;
    });

    test('another installation is revoked', async () => {
      const privateKey = randomBytes(32);
      const [first, second] = [await create(privateKey), await create(privateKey)];
      expect(second.inboxId).toBe(first.inboxId);
      const count = async () => (await first.preferences.fetchInboxState()).installations.length;
      expect(await count()).toBe(2);
      await first.revokeAllOtherInstallations();
      expect(await count()).toBe(1);
    });
  },
);
