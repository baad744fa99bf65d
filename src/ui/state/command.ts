/** Commands as buttons need them: busy until answered, and a failure to show in words. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { CommandArguments, CommandName, CommandOutput } from '../../shared/commands.ts';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import type { SyncScope } from '../../shared/run.ts';
import { useApp } from './app.ts';
import { touchClock } from './clock.ts';
import { useServices } from './services.ts';

export interface CommandHandle {
  readonly busy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ErrorRecord | null>;
  /** Asks the background; answers null if it failed, and then `error` says why. */
  run<Name extends CommandName>(
    name: Name,
    input: CommandArguments<Name>,
  ): Promise<{ readonly output: CommandOutput<Name> } | null>;
  clear(): void;
}

export function useCommand(): CommandHandle {
  const { send } = useServices();
  const busy = useSignal(false);
  const error = useSignal<ErrorRecord | null>(null);
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );
  const run = useCallback(
    async <Name extends CommandName>(name: Name, input: CommandArguments<Name>) => {
      busy.value = true;
      error.value = null;
      try {
        return { output: await send(name, input) };
      } catch (thrown) {
        if (mounted.current) error.value = toErrorRecord(thrown);
        return null;
      } finally {
        busy.value = false;
        touchClock();
      }
    },
    [send],
  );
  const clear = useCallback(() => {
    error.value = null;
  }, []);
  return { busy, error, run, clear };
}

/** Starts syncs and remembers which run came of the latest click. */
export function useSync(): CommandHandle & { sync(scope: SyncScope): Promise<void> } {
  const app = useApp();
  const command = useCommand();
  const sync = useCallback(
    async (scope: SyncScope) => {
      const { count } = app.requestedRun.peek();
      app.requestedRun.value = { id: null, count };
      const answer = await command.run('sync', { scope: mutable(scope) });
      if (answer !== null) app.requestedRun.value = { id: answer.output.runId, count: count + 1 };
    },
    [app],
  );
  return { ...command, sync };
}

/** The schema's input wants lists that it may change. */
function mutable(scope: SyncScope): CommandArguments<'sync'>['scope'] {
  return scope.kind === 'all' ? { kind: 'all', consent: [...scope.consent] } : scope;
}
