import { afterEach, expect, test } from 'vitest';
import { LockstepError } from '../../../src/shared/errors.ts';
import { createRpcClient, serveRpc } from '../../../src/shared/rpc.ts';

interface Operations {
  double: { input: number; output: number };
  fail: { input: null; output: null };
  never: { input: null; output: null };
}

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function pair() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const events: string[] = [];
  const server = serveRpc<Operations, string>(port2, {
    double: async (input) => input * 2,
    fail: async () => {
      throw new LockstepError('storage_full', { detail: 'no room' });
    },
    never: () => new Promise(() => undefined),
  });
  const client = createRpcClient<Operations, string>(port1, (event) => events.push(event));
  return { client, server, events };
}

test('answers, errors and events cross', async () => {
  const { client, server, events } = pair();
  server.emit('hello');
  expect(await client.call('double', 21, { deadline: 1000 })).toBe(42);
  await expect(client.call('fail', null, { deadline: 1000 })).rejects.toMatchObject({
    code: 'storage_full',
    message: 'no room',
  });
  expect(events).toEqual(['hello']);
});

test('a call that is not answered ends at its deadline', async () => {
  const { client } = pair();
  await expect(client.call('never', null, { deadline: 20 })).rejects.toMatchObject({
    code: 'engine_timeout',
  });
});

test('ending fails what is under way and what comes after', async () => {
  const { client } = pair();
  const under = client.call('never', null, { deadline: 10_000 });
  client.end(new LockstepError('engine_crashed'));
  await expect(under).rejects.toMatchObject({ code: 'engine_crashed' });
  await expect(client.call('double', 1, { deadline: 1000 })).rejects.toMatchObject({
    code: 'engine_crashed',
  });
});
