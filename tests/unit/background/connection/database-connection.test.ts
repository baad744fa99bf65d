import { beforeEach, expect, test } from 'vitest';
import { DatabaseConnection } from '../../../../src/background/connection/database-connection.ts';
import type { EngineHost } from '../../../../src/background/connection/engine-host.ts';
import type { ConnectionStatus as ConnectionRecord } from '../../../../src/shared/connection-status.ts';

let states: ConnectionRecord['state'][];
/** What was written of it beside the state. */
let baselines: unknown[];
let connection: DatabaseConnection;
/** How many engines were started. */
let engines: number;
/** Kills the newest engine. */
let kill: () => void;
/** Called when the engine is asked to close; it closes when the promise settles. */
let closing: () => Promise<void>;

/** A worker that opens and closes, and answers nothing of interest. */
function fakeHost(): EngineHost {
  let end: () => void = () => undefined;
  let ended = Promise.resolve();
  return {
    connect: () => {
      engines++;
      const { port1, port2 } = new MessageChannel();
      ended = new Promise((resolve) => {
        end = () => {
          port2.close();
          resolve();
        };
        kill = end;
      });
      port2.onmessage = ({ data: { id, name } }: MessageEvent<{ id: number; name: string }>) => {
        const answer = () => port2.postMessage({ id, ok: true, output: { baseline: 'word' } });
        if (name !== 'close') return answer();
        void closing().then(() => {
          answer();
          setTimeout(end);
        });
      };
      port2.postMessage({ event: { type: 'alive' } });
      return Promise.resolve({ port: port1, fresh: true });
    },
    gone: () => ended,
    release: () => Promise.resolve(),
    terminate: () => Promise.resolve(end()),
  };
}

beforeEach(() => {
  states = [];
  baselines = [];
  engines = 0;
  closing = () => Promise.resolve();
  connection = new DatabaseConnection({
    host: fakeHost(),
    record: {
      read: () => Promise.resolve(null),
      write: ({ state }, quiet) => {
        states.push(state);
        baselines.push(quiet);
        return Promise.resolve();
      },
      beforeMaintenance: () => Promise.resolve(void baselines.push('forgotten')),
    },
    openInput: () => Promise.resolve(null as never),
    idleTime: () => Promise.resolve(60_000),
    onUncleanStart: () => Promise.resolve(),
    keepAwake: () => () => undefined,
    now: () => 0,
  });
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Work that lasts until it is told to end. */
function longWork() {
  let end: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done: connection.use(() => until), end };
}

test('a drop waits for work under way, and work that starts after it reconnects', async () => {
  const work = longWork();
  await settled();
  await connection.drop();
  expect(states.at(-1)).toBe('open');
  work.end();
  await work.done;
  await settled();
  expect(states.at(-1)).toBe('released');
  expect(connection.isDropped).toBe(true);
  await connection.reconnect();
  expect(states.at(-1)).toBe('open');
  expect(connection.isDropped).toBe(false);
  expect(engines).toBe(2);
});

test('what begins while a drop waits does not undo it, and is told to end', async () => {
  const work = longWork();
  await settled();
  await connection.drop();
  let wasReleased = false;
  await connection.hold((_, released) => {
    wasReleased = released.aborted;
    return Promise.resolve();
  });
  expect(wasReleased).toBe(true);
  work.end();
  await work.done;
  await settled();
  expect(states.at(-1)).toBe('released');
});

test('a drop while the connection is closing for want of work is a drop all the same', async () => {
  let close: () => void = () => undefined;
  closing = () =>
    new Promise((resolve) => {
      close = resolve;
    });
  await connection.reconnect();
  const resting = connection.rest();
  await settled();
  const dropping = connection.drop();
  close();
  await Promise.all([resting, dropping]);
  expect(states.at(-1)).toBe('released');
});

test('what the engine baselines for as it closed is kept until the database is opened or worked on', async () => {
  await connection.reconnect();
  await connection.rest();
  expect(baselines.splice(0)).toEqual([undefined, undefined, 'word']);
  await connection.drop();
  expect(baselines.splice(0)).toEqual(['as before']);
  await connection.maintain(() => Promise.resolve());
  expect(baselines.splice(0)).toEqual(['forgotten']);
  expect(connection.isAtRest).toBe(true);
  const work = longWork();
  expect(connection.isAtRest).toBe(false);
  await settled();
  expect(baselines.splice(0)).toEqual([undefined, undefined]);
  work.end();
  await work.done;
});

test('a drop that is taken back before it happens leaves the connection open', async () => {
  const work = longWork();
  await settled();
  await connection.drop();
  await connection.reconnect();
  work.end();
  await work.done;
  await settled();
  expect(states.at(-1)).toBe('open');
});

test('who fails on an engine that died does not end its successor', async () => {
  let fail: () => void = () => undefined;
  const late = connection.use(async (engine) => {
    await new Promise<void>((resolve) => {
      fail = resolve;
    });
    return engine.call('quietFor', {});
  });
  await settled();
  kill();
  await settled();
  await connection.use(async (successor) => {
    fail();
    await expect(late).rejects.toMatchObject({ code: 'engine_crashed' });
    await settled();
    await successor.call('quietFor', {});
  });
  expect(engines).toBe(2);
  expect(states.at(-1)).toBe('open');
});
