/** A population of real clients: what the inbox has afterwards. */
import { expect, test } from 'vitest';
import { populate } from '../../network/population/population.ts';
import { useNetwork } from './support/wire.ts';

const network = useNetwork();
const week = 7 * 86_400_000;

test('friends, strangers and months of history, and somebody who goes on writing', async () => {
  const { grpcWeb, history } = network.current.addresses;
  const hosts = { node: grpcWeb, history };
  const options = { conversations: 6, strangers: 2, messages: 6, seed: 5 };
  const { control } = network.current;
  const population = await populate({ ...hosts, ...options, control });
  const { phone, allowed, unknown } = population;
  expect(allowed).toHaveLength(6);
  expect(unknown).toHaveLength(2);
  const times = new Set<number>();
  for (const id of allowed) {
    const messages = await phone.client.conversations().findGroupById(id).findMessages();
    expect(messages.length).toBeGreaterThanOrEqual(6);
    for (const { sentAtNs } of messages) times.add(Number(sentAtNs / 1_000_000n));
  }
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(4 * week);
  expect(Math.max(...times)).toBeLessThan(Date.now());
  expect(Math.abs((await control.status()).time - Date.now())).toBeLessThan(60_000);

  const { conversationId, text } = await population.say();
  expect(allowed).toContain(conversationId);
  const conversation = phone.client.conversations().findGroupById(conversationId);
  await conversation.sync();
  const texts = (await conversation.findMessages()).map(({ content }) =>
    Buffer.from(content.content).toString(),
  );
  expect(texts.some((found) => found.includes(text))).toBe(true);
});
