/** Handlers that open a database and sign for its inbox. */
import { SignatureRequests } from '../operations/signature-requests.ts';
import type { OperationRunner } from '../session/operation-runner.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  'open' | 'identity' | 'requestSignature' | 'addSignature' | 'applySignatures' | 'close';

export function identityHandlers(runner: OperationRunner): HandlersFor<Operations> {
  const signatures = new SignatureRequests();
  return {
    open: (input) => runner.alone(() => runner.open(input)),
    identity: runner.withSession<'identity'>(async ({ session: { opened } }) => opened),
    requestSignature: runner.withSession<'requestSignature'>(({ session }, { purpose }) =>
      signatures.request(session, purpose),
    ),
    addSignature: runner.withSession<'addSignature'>((_context, input) => signatures.add(input)),
    applySignatures: runner.withSession<'applySignatures'>(({ session }, input) =>
      signatures.apply(session, input),
    ),
    close: () =>
      runner.alone(async () => {
        const baseline = await runner.recorder.baseline();
        runner.end();
        // libxmtp may still get and store an answer to a call that is under way.
        return { baseline: runner.traffic.quietFor() > 0 ? baseline : null };
      }),
  };
}
