/** `npm run network` by itself. */
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { connectControl } from '../../network/index.ts';
import { until } from '../support/until.ts';
import { anyPorts, runCli, startProcess } from './support/process.ts';
import { connect, freshId, textOf } from './support/wire.ts';

const taken = createServer();
afterAll(() => void taken.close());

test('--help says everything that it takes', async () => {
  const { code, output } = await runCli(['--help']);
  expect(code).toBe(0);
  for (const option of ['--grpc', '--data', '--host', '--population', '--seed']) {
    expect(output).toContain(option);
  }
});

test.each([
  [['--nothing'], /nothing/],
  [['--grpc', 'x'], /--grpc: a whole number/],
  [['--control', '70000'], /--control: a whole number from 0 to 65535/],
  [['--population', '--seed', 'x'], /--seed/],
])('%s ends with a clear error', async (args, says) => {
  const { code, output } = await runCli(
    args.includes('--population') ? [...anyPorts, ...args] : args,
  );
  expect(code).toBe(1);
  expect(output).toMatch(says);
});

test('a port in use is named, with what to do', async () => {
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const { code, output } = await runCli([...anyPorts, '--history', String(port)]);
  expect(code).toBe(1);
  expect(output).toContain(`Port ${port} (history server) is in use`);
  expect(output).not.toContain('    at ');
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends it, also while streams are open and calls hang',
  async (signal) => {
    const network = await startProcess();
    const control = connectControl(network.addresses.control);
    const { mls } = connect({ addresses: network.addresses } as never, 'gRPC');
    const reading = (async () => {
      for await (const message of mls.subscribeGroupMessages({
        filters: [{ groupId: freshId(16) }],
      })) {
        throw new Error(`nobody wrote ${textOf(message)}`);
      }
    })();
    const cut = expect(reading).rejects.toThrow();
    await until('an open stream', async () => (await control.status()).openStreams === 1);
    await control.addFault({ method: null, effect: { kind: 'hang' } });
    const hanging = expect(mls.queryGroupMessages({ groupId: freshId(16) })).rejects.toThrow();
    await until('the hanging call', async () => {
      return (await control.counters())['QueryGroupMessages']?.calls === 1;
    });
    network.child.kill(signal);
    expect(await network.ended).toBe(0);
    await cut;
    await hanging;
  },
);

test('it listens on loopback only', async () => {
  const network = await startProcess();
  for (const address of Object.values(network.addresses)) {
    expect(new URL(address).hostname).toBe('127.0.0.1');
  }
  network.child.kill('SIGTERM');
  expect(await network.ended).toBe(0);
});
