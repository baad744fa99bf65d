/** Another installation of an inbox: an official client that a test makes go online and offline. */
import type { Conversation, ConversationListItem } from '@xmtp/wasm-bindings';
import { ConsentState } from '@xmtp/wasm-bindings';
import { expect } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import type { Driver } from '../../support/driver/driver.ts';
import { online, type Online } from '../../support/faults/online.ts';

const every = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

/** What an app does that is open: it syncs again and again. */
export function goOnline({ client }: Peer): Online {
  return online(() => client.conversations().syncAllConversations(every));
}

export function conversationsOf({ client }: Peer): Conversation[] {
  const items = client.conversations().list({ consentStates: every }) as ConversationListItem[];
  return items.map(({ conversation }) => conversation);
}

/** Texts by conversation, oldest first, of everything that people wrote. */
export async function textsOf(peer: Peer): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = new Map<string, readonly string[]>();
  for (const conversation of conversationsOf(peer)) {
    const messages = await conversation.findEnrichedMessages({});
    texts.set(
      conversation.id(),
      messages.flatMap(({ content }) => (content.type === 'text' ? [content.content] : [])),
    );
  }
  return texts;
}

export function allowEverything(peer: Peer): void {
  for (const conversation of conversationsOf(peer)) {
    conversation.updateConsentState(ConsentState.Allowed);
  }
}

/** Lockstep shows what the phone has: the same conversations with the same texts, all of them read. */
export async function expectSameAs(driver: Driver, device: Peer): Promise<void> {
  const there = await textsOf(device);
  const here = await driver.conversations();
  expect(here.map(({ id }) => id).sort()).toEqual([...there.keys()].sort());
  expect(here.map(({ unread }) => unread)).toEqual(here.map(() => 0));
  for (const [id, texts] of there) {
    const shown = (await driver.messages(id)).filter(({ type }) => type === 'text');
    expect(shown.map(({ text }) => text)).toEqual(texts);
  }
}
