/** `npm run network`: the local network by itself. */
import { parseArgs } from 'node:util';
import { DataInUse, PortInUse, protocolPorts, startLocalNetwork } from './index.ts';
import { settle } from './population/settle.ts';

const usualPopulation = 30;
const usualMessages = 12;
const usualSeed = 1;

const help = `npm run network -- [options]

A complete local XMTP network (v3) in one process, on the protocol's fixed ports.

  --grpc PORT      native gRPC over cleartext HTTP/2, for Node (default ${protocolPorts.grpc})
  --grpc-web PORT  gRPC-web over HTTP/1.1, for browsers (default ${protocolPorts.grpcWeb})
  --history PORT   history server (default ${protocolPorts.history})
  --control PORT   faults and counters (default ${protocolPorts.control})
  --host ADDRESS   address to listen on (default 127.0.0.1: this computer only)
  --data DIR       keep everything in DIR across restarts (default: in memory)
  --population [N] people who have written to one inbox for months, in N conversations with friends
                   (default ${usualPopulation}) and some with strangers; prints the inbox's key
  --messages M     messages in each of these conversations (default ${usualMessages})
  --seed S         another story; the same seed tells the same one (default ${usualSeed})
  --help`;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function whole(text: string | undefined, fallback: number, name: string, most: number): number {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (text === '' || !Number.isInteger(number) || number < 0 || number > most) {
    fail(`--${name}: a whole number from 0 to ${most}, not ${text}`);
  }
  return number;
}

/** `--population` alone is as good as with a number. */
function withNumber(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    const stands = arg === '--population' && !/^\d+$/.test(args[i + 1] ?? '');
    return stands ? [arg, String(usualPopulation)] : [arg];
  });
}

function parse() {
  try {
    return parseArgs({
      args: withNumber(process.argv.slice(2)),
      options: {
        grpc: { type: 'string' },
        'grpc-web': { type: 'string' },
        history: { type: 'string' },
        control: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        population: { type: 'string' },
        messages: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

const values = parse();
if (values.help) {
  console.log(help);
  process.exit(0);
}
const { host, data } = values;
try {
  const network = await startLocalNetwork({
    ports: {
      grpc: whole(values.grpc, protocolPorts.grpc, 'grpc', 65535),
      grpcWeb: whole(values['grpc-web'], protocolPorts.grpcWeb, 'grpc-web', 65535),
      history: whole(values.history, protocolPorts.history, 'history', 65535),
      control: whole(values.control, protocolPorts.control, 'control', 65535),
    },
    ...(host === undefined ? {} : { host }),
    ...(data === undefined ? {} : { data }),
  });
  // Before it says that it runs: whoever reads that may end it at once.
  const stop = () => void network.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const { grpc, grpcWeb, history, control } = network.addresses;
  console.log('The local XMTP network is running. Clients find it as environment "local".');
  console.log(`  native gRPC     ${grpc}`);
  console.log(`  gRPC-web        ${grpcWeb}`);
  console.log(`  history server  ${history}`);
  console.log(`  control         ${control}`);
  console.log(data === undefined ? '  kept in memory' : `  kept in ${data}`);
  if (values.population !== undefined) {
    await settle(network, {
      conversations: whole(values.population, usualPopulation, 'population', 10_000),
      messages: whole(values.messages, usualMessages, 'messages', 10_000),
      seed: whole(values.seed, usualSeed, 'seed', 2 ** 32 - 1),
    });
  }
} catch (error) {
  if (error instanceof PortInUse || error instanceof DataInUse) fail(error.message);
  fail(
    `The local network could not start: ${error instanceof Error ? error.message : String(error)}`,
  );
}
