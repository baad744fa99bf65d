/**
 * People who talk to one inbox: friends whom it allows, strangers, and spam. All of them are real
 * libxmtp clients in this process. The inbox itself has an installation here too, its "phone", which
 * allows the friends and can answer requests for history.
 */
import { ConsentEntityType, ConsentState, ConversationType } from '@xmtp/wasm-bindings';
import type { NetworkControl } from '../control.ts';
import { wait } from '../rpc/exchange.ts';
import type { Peer, PeerOptions } from './peer.ts';
import { inPortions } from './portions.ts';
import { play, type Conversation } from './play.ts';
import { writeScript, type ScriptOptions } from './script.ts';
import { dice, sentences, spam, type Dice } from './words.ts';

export interface PopulationOptions extends ScriptOptions, Pick<PeerOptions, 'node' | 'history'> {
  /**
   * Spreads history over months: the network's clock is set to when each thing happened, and back
   * afterwards. Without it, everything happens now.
   */
  readonly control?: Pick<NetworkControl, 'setTime' | 'status'>;
  readonly onProgress?: (line: string) => void;
}

export interface Population {
  /** The inbox that everybody talks to, as its first installation. */
  readonly phone: Peer;
  /** Conversations with friends. */
  readonly allowed: readonly string[];
  /** Conversations with strangers. */
  readonly unknown: readonly string[];
  readonly people: readonly { readonly name: string; readonly inboxId: string }[];
  /**
   * Makes the inbox's newest installation a member everywhere, which takes a message: this many are
   * sent in each conversation, and it can read them. Then tells it whom the phone allows.
   */
  welcome(messages?: number): Promise<void>;
  /** Somebody writes to the inbox. Answers the conversation and the text. */
  say(): Promise<{ readonly conversationId: string; readonly text: string }>;
  /** The phone brings itself up to date, which is also when it answers requests. */
  syncPhone(): Promise<void>;
}

interface Known {
  readonly conversation: Conversation;
  readonly lines: readonly string[];
}

/** libxmtp looks for new installations of members at most this often in each conversation. */
const membershipChecks = 5_000;

export async function populate(options: PopulationOptions): Promise<Population> {
  const { node, history, control = null, onProgress = () => undefined } = options;
  const script = writeScript(options);
  const stage = await play(script, { hosts: { node, history }, clock: control, onProgress });
  const { phone } = stage;
  const chance = dice(options.seed);
  const known = (isWithFriends: boolean): Known[] =>
    stage.conversations.flatMap((conversation, i) => {
      if (script.talks[i]?.isWithFriends !== isWithFriends) return [];
      return [{ conversation, lines: isWithFriends || i % 2 === 0 ? sentences : spam }];
    });
  const [allowed, unknown] = [known(true), known(false)];
  let syncGroups = syncGroupsOf(phone);
  /** Until the phone is in a sync group that it did not know; ten seconds, as where nobody is new. */
  const meetNewest = async () => {
    for (let tries = 0; tries < 50; tries++) {
      await syncPhone();
      if (syncGroupsOf(phone) > syncGroups) break;
      await wait(200);
    }
    syncGroups = syncGroupsOf(phone);
  };
  const syncPhone = async () => {
    await phone.client.conversations().syncAllConversations([ConsentState.Allowed]);
    await phone.client.device_sync().syncAllDeviceSyncGroups();
  };
  await syncPhone();
  await setConsent(phone, allowed, ConsentState.Allowed);
  // Only now are the friends' messages fetched, which the phone can hand on as history.
  await syncPhone();
  onProgress('The inbox has allowed its friends.');
  let lastSent = performance.now();

  return {
    phone,
    allowed: allowed.map(({ conversation }) => conversation.id()),
    unknown: unknown.map(({ conversation }) => conversation.id()),
    people: script.people.map(({ name }, i) => ({
      name,
      inboxId: stage.people[i]?.inboxId ?? '',
    })),
    async welcome(messages = 3) {
      await wait(lastSent + membershipChecks + 500 - performance.now());
      // A client adds missing installations when it sends, and they can read what follows.
      for (const { conversation, lines } of [...allowed, ...unknown]) {
        for (let i = 0; i < messages; i++) {
          await conversation.sendText(chance.pick(lines));
        }
      }
      // A new installation makes a sync group of its own in the background, which is the one that it
      // listens to: the phone must know it before it speaks.
      await meetNewest();
      // Only changes travel to other installations, so each state is changed and changed back.
      // Of two states of the same moment, the second one is not newer and would not count there.
      for (const state of [ConsentState.Unknown, ConsentState.Allowed]) {
        const before = (await control?.status())?.groupMessages ?? 0;
        await setConsent(phone, allowed, state);
        if (control !== null) await toldOthers(control, before);
      }
      lastSent = performance.now();
    },
    say() {
      lastSent = performance.now();
      return say(allowed, chance);
    },
    syncPhone,
  };
}

function syncGroupsOf({ client }: Peer): number {
  const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
  const conversationType = ConversationType.Sync;
  return client.conversations().list({ conversationType, consentStates }).length;
}

/**
 * libxmtp tells the other installations beside the call, in as many messages as it likes, and says to
 * nobody when it has: until messages came and for half a second no more, or for ten seconds none at all,
 * as where there is nobody else.
 */
async function toldOthers(control: Pick<NetworkControl, 'status'>, before: number): Promise<void> {
  let last = before;
  for (let quiet = 0; quiet < (last === before ? 200 : 10); quiet++) {
    await wait(50);
    const { groupMessages } = await control.status();
    if (groupMessages !== last) quiet = 0;
    last = groupMessages;
  }
}

async function setConsent(phone: Peer, known: readonly Known[], state: ConsentState) {
  const records = known.map(({ conversation }) => ({
    entityType: ConsentEntityType.GroupId,
    entity: conversation.id(),
    state,
  }));
  await inPortions(records, (portion) => phone.client.setConsentStates(portion));
}

async function say(known: readonly Known[], chance: Dice) {
  const { conversation, lines } = chance.pick(known);
  const text = chance.pick(lines);
  await conversation.sendText(text);
  return { conversationId: conversation.id(), text };
}
