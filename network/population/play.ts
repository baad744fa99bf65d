/** Acts a script out with real clients. Each scene is stamped with its own time where the clock may be set. */
import {
  encodeText,
  ReactionAction,
  ReactionSchema,
  type Conversations,
} from '@xmtp/wasm-bindings';
import { sha256 } from '@noble/hashes/sha2.js';
import type { NetworkControl } from '../control.ts';
import { createPeer, type Peer, type PeerOptions } from './peer.ts';
import type { Deed, Scene, Script, Talk } from './script.ts';

export type Conversation = Awaited<ReturnType<Conversations['createDm']>>;

export interface Stage {
  readonly phone: Peer;
  /** By the indices of the script. */
  readonly people: readonly Peer[];
  /** Each conversation as its founder sees it, by the indices of the script. */
  readonly conversations: readonly Conversation[];
}

export interface Director {
  readonly hosts: Pick<PeerOptions, 'node' | 'history'>;
  /** null leaves the network's time alone: everything happens now, in the script's order. */
  readonly clock: Pick<NetworkControl, 'setTime'> | null;
  readonly onProgress: (line: string) => void;
}

/** How long before the first scene everybody joins. */
const settling = 3_600_000;

interface Said {
  readonly id: string;
  readonly by: Peer;
}

const keyOf = (secret: string): Uint8Array => sha256(new TextEncoder().encode(secret));

export async function play(script: Script, director: Director): Promise<Stage> {
  const { clock, onProgress } = director;
  const started = Date.now();
  const oldest = script.scenes[0]?.ago ?? 0;
  try {
    // Time only ever goes forward on a network, so everybody joins before the first scene.
    await clock?.setTime(started - oldest - settling);
    const [phone, people] = await gather(script, director);
    const cast = new Cast(script.talks, phone, people);
    for (const [done, scene] of script.scenes.entries()) {
      await clock?.setTime(started - scene.ago);
      await cast.act(scene);
      if ((done + 1) % 500 === 0) onProgress(`${done + 1} of ${script.scenes.length} scenes`);
    }
    return { phone, people, conversations: script.talks.map((_, i) => cast.of(i)) };
  } finally {
    await clock?.setTime(null);
  }
}

async function gather(script: Script, { hosts, onProgress }: Director): Promise<[Peer, Peer[]]> {
  const mine = { ...hosts, privateKey: keyOf(script.mySecret), deviceSync: true };
  const phone = await createPeer(mine);
  const people: Peer[] = [];
  for (const { secret } of script.people) {
    people.push(await createPeer({ ...hosts, privateKey: keyOf(secret) }));
  }
  onProgress(`${people.length + 1} people are on the network.`);
  return [phone, people];
}

/** Who is where, and what was said last. */
class Cast {
  readonly #talks: readonly Talk[];
  readonly #phone: Peer;
  readonly #people: readonly Peer[];
  /** Conversations as a speaker sees them. */
  readonly #seen = new Map<string, Conversation>();
  readonly #said = new Map<number, Said>();

  constructor(talks: readonly Talk[], phone: Peer, people: readonly Peer[]) {
    this.#talks = talks;
    this.#phone = phone;
    this.#people = people;
  }

  /** A conversation as its founder sees it. */
  of(talk: number): Conversation {
    const founded = this.#seen.get(`${talk} ${this.#talk(talk).founder}`);
    if (founded === undefined) throw new Error(`Conversation ${talk} was never founded.`);
    return founded;
  }

  async act({ talk, by, deed }: Scene): Promise<void> {
    const peer = this.#peer(by);
    if (deed.kind === 'found') {
      this.#seen.set(`${talk} ${by}`, await this.#found(this.#talk(talk), peer));
      return;
    }
    const conversation = await this.#seenBy(by, peer, talk);
    const id = await this.#do(deed, conversation, this.#said.get(talk));
    if (id !== null) this.#said.set(talk, { id, by: peer });
  }

  /** Answers the id of what others may reply to. */
  async #do(deed: Exclude<Deed, { kind: 'found' }>, conversation: Conversation, last?: Said) {
    const reference = { reference: last?.id ?? '', referenceInboxId: last?.by.inboxId ?? '' };
    switch (deed.kind) {
      case 'text':
        return conversation.sendText(deed.text);
      case 'reply':
        return conversation.sendReply({ ...reference, content: encodeText(deed.text) });
      case 'react':
        await conversation.sendReaction({
          ...reference,
          action: ReactionAction.Added,
          content: deed.emoji,
          schema: ReactionSchema.Unicode,
        });
        return null;
      case 'attach':
        return conversation.sendAttachment({
          filename: deed.name,
          mimeType: deed.type,
          content: new TextEncoder().encode(deed.text),
        });
      case 'rename':
        await conversation.updateGroupName(deed.name);
        return null;
      case 'leave':
        await conversation.leaveGroup();
        return null;
    }
  }

  #found({ kind, name, members }: Talk, founder: Peer): Promise<Conversation> {
    const conversations = founder.client.conversations();
    if (kind === 'dm') return conversations.createDmByInboxId(this.#phone.inboxId);
    const inboxIds = [this.#phone, ...members.map((member) => this.#peer(member))];
    return conversations.createGroupByInboxIds(
      inboxIds.map(({ inboxId }) => inboxId),
      { groupName: name, groupDescription: 'People of the local network' },
    );
  }

  async #seenBy(by: number, peer: Peer, talk: number): Promise<Conversation> {
    const key = `${talk} ${by}`;
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const conversations = peer.client.conversations();
    await conversations.sync();
    const found = conversations.findGroupById(this.of(talk).id());
    this.#seen.set(key, found);
    return found;
  }

  #talk(index: number): Talk {
    const talk = this.#talks[index];
    if (talk === undefined) throw new RangeError(`There is no conversation ${index}.`);
    return talk;
  }

  #peer(by: number): Peer {
    const peer = this.#people[by];
    if (peer === undefined) throw new RangeError(`There is no person ${by}.`);
    return peer;
  }
}
