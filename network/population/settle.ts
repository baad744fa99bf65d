/** A population for a network that runs by itself: made once, then it welcomes and answers. */
import type { LocalNetwork } from '../index.ts';
import { wait } from '../rpc/exchange.ts';
import { populate, type Population } from './population.ts';
import type { ScriptOptions } from './script.ts';

const glance = 2000;

/** Says what happens on the console. Goes on until the process ends. */
export async function settle(
  network: LocalNetwork,
  options: Omit<ScriptOptions, 'strangers'>,
): Promise<void> {
  const { control, addresses } = network;
  const { groupMessages, welcomes } = await control.status();
  if (groupMessages + welcomes > 0) {
    throw new Error('a population needs an empty network; choose another --data directory');
  }
  console.log('\nPeople are getting to know each other …');
  const started = performance.now();
  const elapsed = () => `${((performance.now() - started) / 1000).toFixed(0)} s`.padStart(6);
  const population = await populate({
    ...options,
    strangers: Math.ceil(options.conversations / 4),
    node: addresses.grpcWeb,
    history: addresses.history,
    control,
    onProgress: (line) => console.log(`${elapsed()}  ${line}`),
  });
  const { phone, allowed, unknown } = population;
  console.log(`${elapsed()}  ${allowed.length} conversations, ${unknown.length} from strangers.`);
  console.log('\nThe inbox that they all write to. Import its key into Lockstep, or any client:');
  console.log(`  private key  0x${Buffer.from(phone.privateKey).toString('hex')}`);
  console.log(`  address      ${phone.address}`);
  console.log(`  inbox        ${phone.inboxId}`);
  console.log('A new installation of it is made a member everywhere within moments.');
  void attend(population);
}

/** Welcomes each new installation, and answers requests for history. */
async function attend({ phone, welcome, syncPhone }: Population): Promise<never> {
  let known = 1;
  for (;;) {
    await wait(glance);
    try {
      const { installations } = await phone.client.inboxState(true);
      if (installations.length > known) {
        console.log('A new installation has come; everybody writes to it …');
        await welcome();
        console.log('It is a member everywhere.');
      } else await syncPhone();
      known = installations.length;
    } catch {
      // The network may be stopped for a while, which is one of its faults; the next look tells.
    }
  }
}
