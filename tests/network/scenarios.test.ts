/** What clients do with a network, with the pinned bindings: identities, groups, streams, history. */
import { randomBytes } from 'node:crypto';
import {
  BackupElementSelectionOption,
  ConsentState,
  GroupPermissionsOptions,
  IdentifierKind,
  type Message,
} from '@xmtp/wasm-bindings';
import { expect, test } from 'vitest';
import { addressOf, createPeer, signText, type Peer } from '../../network/population/peer.ts';
import { until } from '../support/until.ts';
import { groupWith, textsOf } from '../support/world.ts';
import { useNetwork } from './support/wire.ts';

const network = useNetwork();
const newPeer = (options: { privateKey?: Uint8Array; deviceSync?: boolean } = {}) => {
  const { grpcWeb, history } = network.current.addresses;
  return createPeer({ node: grpcWeb, history, ...options });
};
const account = () => {
  const privateKey = randomBytes(32);
  const identifier = addressOf(privateKey);
  return { privateKey, identifier: { identifier, identifierKind: IdentifierKind.Ethereum } };
};
const installations = async ({ client }: Peer) => (await client.inboxState(true)).installations;
const archive = {
  elements: [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent],
  excludeDisappearingMessages: false,
};

test('an account is added and found, and removed and found no more', async () => {
  const [peer, other] = [await newPeer(), await newPeer()];
  const { privateKey, identifier } = account();
  const adding = await peer.client.addWalletSignatureRequest(identifier);
  await adding.addEcdsaSignature(signText(await adding.signatureText(), privateKey));
  await peer.client.applySignatureRequest(adding);
  expect(await other.client.findInboxIdByIdentity(identifier)).toBe(peer.inboxId);
  const removing = await peer.client.revokeWalletSignatureRequest(identifier);
  await removing.addEcdsaSignature(signText(await removing.signatureText(), peer.privateKey));
  await peer.client.applySignatureRequest(removing);
  expect(await other.client.findInboxIdByIdentity(identifier)).toBeUndefined();
});

test('a new recovery identifier revokes installations, and the old one cannot', async () => {
  const first = await newPeer();
  const second = await newPeer({ privateKey: first.privateKey });
  const { privateKey, identifier } = account();
  const change = await first.client.changeRecoveryIdentifierSignatureRequest(identifier);
  await change.addEcdsaSignature(signText(await change.signatureText(), first.privateKey));
  await first.client.applySignatureRequest(change);
  const { recoveryIdentifier } = await first.client.inboxState(true);
  expect(recoveryIdentifier.identifier).toBe(identifier.identifier);
  const revoke = async (key: Uint8Array) => {
    const request = await first.client.revokeInstallationsSignatureRequest([
      second.client.installationIdBytes,
    ]);
    await request.addEcdsaSignature(signText(await request.signatureText(), key));
    await first.client.applySignatureRequest(request);
  };
  await expect(revoke(first.privateKey)).rejects.toThrow();
  expect(await installations(first)).toHaveLength(2);
  await revoke(privateKey);
  expect(await installations(first)).toHaveLength(1);
});

test('ten installations, and no eleventh', async () => {
  const first = await newPeer();
  for (let i = 1; i < 10; i++) await newPeer({ privateKey: first.privateKey });
  expect(await installations(first)).toHaveLength(10);
  await expect(newPeer({ privateKey: first.privateKey })).rejects.toThrow();
  expect(await installations(first)).toHaveLength(10);
});

test('a group with permissions and metadata, whose members come and go', async () => {
  const [owner, member, late] = [await newPeer(), await newPeer(), await newPeer()];
  const group = await owner.client.conversations().createGroupByInboxIds([member.inboxId], {
    permissions: GroupPermissionsOptions.AdminOnly,
    groupName: 'Admins only',
  });
  const conversations = member.client.conversations();
  await conversations.sync();
  const seen = conversations.findGroupById(group.id());
  await expect(seen.updateGroupName('No')).rejects.toThrow();
  await group.addAdmin(member.inboxId);
  await seen.sync();
  await seen.updateGroupDescription('By the new admin');
  await group.addMembers([late.inboxId]);
  await group.sync();
  expect(group.groupDescription()).toBe('By the new admin');
  await late.client.conversations().sync();
  const latecomer = late.client.conversations().findGroupById(group.id());
  await latecomer.sendText('hello');
  expect(await textsOf(seen)).toEqual(['hello']);
  await group.removeMembers([late.inboxId]);
  await latecomer.sync();
  expect(latecomer.isActive()).toBe(false);
  expect((await network.current.control.counters())['QueryGroupMessages']?.failed).toBe(0);
});

test('a stream that is cut and opened again has every message once', async () => {
  const [reader, writer] = [await newPeer(), await newPeer()];
  const group = await groupWith(writer, reader.inboxId, 'Stream', []);
  await reader.client.conversations().sync();
  const found: string[] = [];
  let isClosed = false;
  const open = async () => {
    isClosed = false;
    const closer = reader.client.conversations().streamAllMessages({
      on_message: ({ content }: Message) => {
        if (content.type?.typeId === 'text') found.push(Buffer.from(content.content).toString());
      },
      on_error: () => undefined,
      on_close: () => {
        isClosed = true;
      },
    });
    await closer.waitForReady();
    return closer;
  };
  await open();
  await group.sendText('live');
  await until('the live message', () => found.includes('live'));
  await network.current.control.cutStreams();
  await until('the end of the stream', () => isClosed);
  await group.sendText('meanwhile');
  const closer = await open();
  await group.sendText('afterwards');
  await until('what came afterwards', () => found.includes('afterwards'));
  const seen = reader.client.conversations().findGroupById(group.id());
  expect(await textsOf(seen)).toEqual(['live', 'meanwhile', 'afterwards']);
  expect(new Set(found).size).toBe(found.length);
  closer.end();
});

test('disappearing messages disappear', async () => {
  const [owner, member] = [await newPeer(), await newPeer()];
  const group = await groupWith(owner, member.inboxId, 'Ephemeral', ['stays']);
  const now = BigInt(Date.now()) * 1_000_000n;
  await group.updateMessageDisappearingSettings({ fromNs: now, inNs: 1_500_000_000n });
  await group.sendText('goes');
  await member.client.conversations().sync();
  const seen = member.client.conversations().findGroupById(group.id());
  await seen.sync();
  expect(seen.isMessageDisappearingEnabled()).toBe(true);
  await until('it to be gone', async () => !(await textsOf(seen)).includes('goes'));
  expect(await textsOf(seen)).toEqual(['stays']);
});

test('history travels between two installations through the history server', async () => {
  const first = await newPeer({ deviceSync: true });
  const friend = await newPeer();
  const group = await groupWith(friend, first.inboxId, 'Old times', ['long ago']);
  await first.client.conversations().syncAllConversations([ConsentState.Unknown]);
  const second = await newPeer({ privateKey: first.privateKey, deviceSync: true });
  await second.client.device_sync().sendSyncRequest(archive, network.current.addresses.history);
  const pull = async ({ client }: Peer) => {
    await client.conversations().sync();
    await client.device_sync().syncAllDeviceSyncGroups();
  };
  await until('the old message on the new installation', async () => {
    await pull(first);
    await pull(second);
    const seen = second.client.conversations().findGroupById(group.id());
    const texts = (await seen.findMessages()).map(({ content }) =>
      Buffer.from(content.content).toString(),
    );
    return texts.includes('long ago');
  });
  const { upload, files } = await network.current.control.counters();
  expect(upload?.calls).toBeGreaterThan(0);
  expect(files?.calls).toBeGreaterThan(0);
});

test('an archive is made, and read by another installation', async () => {
  const [first, friend] = [await newPeer(), await newPeer()];
  const group = await groupWith(friend, first.inboxId, 'Archived', ['kept']);
  await first.client.conversations().syncAllConversations([ConsentState.Unknown]);
  const key = randomBytes(32);
  const bytes = await first.client.device_sync().createArchive(archive, key);
  const second = await newPeer({ privateKey: first.privateKey });
  await second.client.device_sync().importArchive(bytes, key);
  const seen = second.client.conversations().findGroupById(group.id());
  const texts = (await seen.findMessages()).map(({ content }) =>
    Buffer.from(content.content).toString(),
  );
  expect(texts).toContain('kept');
});
