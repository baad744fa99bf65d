/**
 * Serves the contestants' pages and hands out their actions. Pages ask for what to do (one request that
 * waits) and post the answer: no debugger, no remote protocol takes part while they are measured.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { ActionsOf, AgentName, Answer, Command } from './pages/protocol.ts';
import { ports } from './ports.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** The longest action is a first sync of a large inbox in Firefox. */
const patience = 30 * 60_000;

type ActionInput<
  Name extends AgentName,
  Action extends keyof ActionsOf[Name],
> = ActionsOf[Name][Action] extends { readonly input: infer Input } ? Input : never;
type ActionOutput<
  Name extends AgentName,
  Action extends keyof ActionsOf[Name],
> = ActionsOf[Name][Action] extends { readonly output: infer Output } ? Output : never;

export type Agent<Name extends AgentName> = <Action extends keyof ActionsOf[Name] & string>(
  action: Action,
  input: ActionInput<Name, Action>,
) => Promise<ActionOutput<Name, Action>>;

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class Collector {
  readonly #pages: string;
  readonly #startUrl: () => string;
  readonly #servers: Server[] = [];
  /** A page's request that waits for its next action, and actions that wait for a page. */
  readonly #idle = new Map<string, ServerResponse>();
  readonly #queued = new Map<string, Command[]>();
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /**
   * @param pages folder of the built pages
   * @param startUrl the page to go to from `/start`, once it can be reached
   */
  constructor(pages: string, startUrl: () => string) {
    this.#pages = pages;
    this.#startUrl = startUrl;
  }

  async listen(): Promise<void> {
    for (const port of [ports.sdk, ports.bindings]) {
      const server = createServer((request, response) => {
        this.#serve(request, response).catch((error: unknown) => {
          response.writeHead(500).end(String(error));
        });
      });
      // A page may wait long for its next action.
      server.requestTimeout = 0;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
      this.#servers.push(server);
    }
  }

  /**
   * @param visit tells a page from the one that was there before it: that one's request may still be open
   * when it is gone, and what was handed to it would never be done.
   */
  agent<Name extends AgentName>(name: Name, visit = 0): Agent<Name> {
    return (action, input) =>
      new Promise<never>((resolve, reject) => {
        const id = ++this.#lastId;
        const timer = setTimeout(() => {
          this.#waiting.delete(id);
          reject(new Error(`${name} did not finish ${action}`));
        }, patience);
        this.#waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, timer });
        this.#hand(pageKey(name, visit), { id, action, input });
      });
  }

  /** Forgets pages and actions of a browser that was closed. */
  reset(): void {
    this.#idle.clear();
    this.#queued.clear();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new Error('the browser was closed'));
    }
    this.#waiting.clear();
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #hand(page: string, command: Command): void {
    const response = this.#idle.get(page);
    if (response === undefined) {
      this.#queued.set(page, [...(this.#queued.get(page) ?? []), command]);
      return;
    }
    this.#idle.delete(page);
    response.end(JSON.stringify(command));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: asked } = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cache-control', 'no-store');
    switch (pathname) {
      case '/next':
        this.#wait(pageKey(asked.get('agent') ?? '', Number(asked.get('visit') ?? 0)), response);
        return;
      case '/answer':
        this.#settle(JSON.parse(await bodyOf(request)) as Answer);
        response.end();
        return;
      case '/start':
        response.setHeader('content-type', 'text/html');
        response.end(startPage(this.#startUrl()));
        return;
      default:
        await this.#file(pathname, response);
    }
  }

  #wait(page: string, response: ServerResponse): void {
    const [next, ...later] = this.#queued.get(page) ?? [];
    if (next !== undefined) {
      this.#queued.set(page, later);
      response.end(JSON.stringify(next));
      return;
    }
    this.#idle.set(page, response);
    response.on('close', () => {
      if (this.#idle.get(page) === response) this.#idle.delete(page);
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    if (answer.ok) waiting.resolve(answer.output);
    else waiting.reject(new Error(answer.error));
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const file = path.join(this.#pages, path.normalize(pathname));
    const type = types[path.extname(file)];
    if (type === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', type);
    response.end(await readFile(file));
  }
}

const pageKey = (name: string, visit: number) => `${name} ${visit}`;

/** Chromium goes to its first page before it has loaded the extension: asked for until it is there. */
function startPage(target: string): string {
  return `<!doctype html><script type="module">
    const target = ${JSON.stringify(target)};
    for (;;) {
      const found = await fetch(target).then(() => true, () => false);
      if (found) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    location.replace(target);
  </script>`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
