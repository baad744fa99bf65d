/** The control interface over HTTP: `POST /<method>` with a JSON argument, answered in JSON. */
import { createServer, type Server } from 'node:http';
import { controlMethods, type NetworkControl } from '../control.ts';
import { BadArgument, parseFault, parseFaultId, parseTime } from '../faults/parse.ts';
import { http1Exchange } from '../rpc/exchange-http1.ts';
import { readBody, type Exchange } from '../rpc/exchange.ts';

const longestArgument = 64 * 1024;

export function createControlServer(control: NetworkControl): Server {
  return createServer((request, response) => {
    const exchange = http1Exchange(request, response);
    serve(control, exchange).catch(() => exchange.cut());
  });
}

async function serve(control: NetworkControl, exchange: Exchange): Promise<void> {
  const answer = (status: number, body: unknown) => {
    const json = { 'content-type': 'application/json' };
    exchange.answer(status, json, Buffer.from(`${JSON.stringify(body ?? null)}\n`));
  };
  // Web pages can reach loopback; this type of body makes their browser ask first, and we never agree.
  const type = exchange.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json' || exchange.httpMethod !== 'POST') {
    return answer(405, `POST with content-type application/json to ${controlMethods.join(', ')}`);
  }
  const body = await readBody(exchange, longestArgument);
  if (body.kind === 'broken-off') return;
  if (body.kind === 'too-long') return answer(413, 'The argument is too long.');
  const method = exchange.path.slice(1);
  try {
    const text = body.bytes.toString('utf8');
    const argument: unknown = text.trim() === '' ? null : JSON.parse(text);
    switch (method) {
      case 'addFault':
        return answer(200, await control.addFault(parseFault(argument)));
      case 'removeFault':
        return answer(200, await control.removeFault(parseFaultId(argument)));
      case 'setTime':
        return answer(200, await control.setTime(parseTime(argument)));
      case 'status':
      case 'counters':
      case 'resetCounters':
      case 'clearFaults':
      case 'cutStreams':
      case 'stopServing':
      case 'resumeServing':
        return answer(200, await control[method]());
      default:
        return answer(404, `There are ${controlMethods.join(', ')}.`);
    }
  } catch (error) {
    const expected = error instanceof BadArgument || error instanceof SyntaxError;
    answer(expected ? 400 : 500, error instanceof Error ? error.message : String(error));
  }
}
