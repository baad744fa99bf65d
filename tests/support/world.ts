/** A network with a person on it who uses Lockstep, and others who use libxmtp directly. */
import { startLocalNetwork, type LocalNetwork } from '../../network/index.ts';
import { createPeer, type Peer, type PeerOptions } from '../../network/population/peer.ts';
import {
  launch,
  type BrowserName,
  type Driver,
  type Identity,
  type LaunchOptions,
} from './driver/driver.ts';

export interface World {
  readonly network: LocalNetwork;
  readonly driver: Driver;
  readonly hosts: { readonly node: string; readonly history: string };
  /** Another person, or with a key another installation of somebody. */
  newPeer(options?: Pick<PeerOptions, 'privateKey' | 'deviceSync'>): Promise<Peer>;
  close(): Promise<void>;
}

export type Home = World & { readonly me: Identity };

/** The browser that this run of the tests is for. */
export const browserName: BrowserName =
  process.env['LOCKSTEP_BROWSER'] === 'firefox' ? 'firefox' : 'chromium';

export async function openWorld(
  options: Pick<LaunchOptions, 'profile' | 'extension'> = {},
): Promise<World> {
  const network = await startLocalNetwork();
  const hosts = { node: network.addresses.grpcWeb, history: network.addresses.history };
  const driver = await launch(browserName, { hosts, ...options });
  return {
    network,
    driver,
    hosts,
    newPeer: (peer = {}) => createPeer({ ...hosts, ...peer }),
    async close() {
      await driver.close();
      await network.stop();
    },
  };
}

/** A world in which the inbox is set up, its first sync is over, and nothing syncs by itself. */
export async function openHome(
  options: Pick<LaunchOptions, 'profile' | 'extension'> & { readonly privateKey?: string } = {},
): Promise<Home> {
  const { privateKey, ...launching } = options;
  const account = privateKey === undefined ? {} : { privateKey };
  const world = await openWorld(launching);
  try {
    const me = await world.driver.createAccount(account);
    await world.driver.setInterval(null);
    return { ...world, me };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** A group of a peer with somebody, in which it has written these texts. */
export async function groupWith(
  peer: Peer,
  inboxId: string,
  name: string,
  texts: readonly string[],
) {
  const group = await peer.client
    .conversations()
    .createGroupByInboxIds([inboxId], { groupName: name });
  for (const text of texts) await group.sendText(text);
  return group;
}

export async function dmWith(peer: Peer, inboxId: string, texts: readonly string[]) {
  const dm = await peer.client.conversations().createDmByInboxId(inboxId);
  for (const text of texts) await dm.sendText(text);
  return dm;
}

/** What a peer can read in a conversation. */
export async function textsOf(conversation: Awaited<ReturnType<typeof dmWith>>): Promise<string[]> {
  await conversation.sync();
  return (await conversation.findMessages())
    .filter(({ content }) => content.type?.typeId === 'text')
    .map(({ content }) => new TextDecoder().decode(content.content));
}
