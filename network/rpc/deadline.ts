/** How long a caller waits, as it says in `grpc-timeout`. */
import { RpcError } from './status.ts';

const milliseconds: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};
/** What a timer can hold; whoever waits longer waits for ever. */
const longest = 2 ** 31 - 1;

/** Milliseconds from now; null where the caller waits for ever. Throws RpcError on what is no time. */
export function readTimeout(header: string | undefined): number | null {
  if (header === undefined) return null;
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  const factor = milliseconds[unit ?? ''];
  if (factor === undefined) {
    throw new RpcError('INVALID_ARGUMENT', `grpc-timeout: ${header} is no time`);
  }
  const time = Number(digits) * factor;
  return time > longest ? null : time;
}

export const deadlineExceeded = (): RpcError =>
  new RpcError('DEADLINE_EXCEEDED', 'the deadline of this call is over');
