/** Handlers that sync, stream, and deliver what that changed. */
import type { EngineEvent } from '../../shared/engine-protocol.ts';
import { ChangeReader } from '../changes/change-reader.ts';
import { sync } from '../operations/sync.ts';
import { withCommitsHeld } from '../opfs/coalesce.ts';
import type { OperationRunner } from '../session/operation-runner.ts';
import { Streams } from '../session/streams.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  | 'sync'
  | 'continueSync'
  | 'changes'
  | 'takeCallCount'
  | 'quietFor'
  | 'startStreams'
  | 'streamsEnded'
  | 'stopStreams';

export function syncHandlers(
  runner: OperationRunner,
  emit: (event: EngineEvent) => void,
): HandlersFor<Operations> {
  const reader = new ChangeReader();
  const streams = new Streams(() => emit({ type: 'touched' }));
  return {
    sync: runner.withSession<'sync'>(
      (context, input) => {
        const { databaseName } = context.session.input;
        const { installationId } = context.session.opened;
        return runner.recorder.record(input, installationId, () =>
          withCommitsHeld(databaseName, () => sync(context, input)),
        );
      },
      { remembers: false },
    ),
    continueSync: async () => {
      runner.resume();
      return null;
    },
    changes: runner.withSession<'changes'>(({ session }, input) => reader.read(session, input), {
      remembers: false,
    }),
    takeCallCount: async () => runner.takeCallCount(),
    quietFor: async () => runner.traffic.quietFor(),
    startStreams: runner.withSession<'startStreams'>(async ({ session }) => {
      await streams.start(session);
      return null;
    }),
    streamsEnded: () => streams.ended,
    stopStreams: () =>
      runner.alone(async () => {
        await streams.stop();
        return null;
      }),
  };
}
