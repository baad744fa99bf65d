/** Arguments as they come over HTTP, checked, with what is wrong in words. */
import { grpcStatus, type GrpcStatus } from '../rpc/status.ts';
import type { Fault } from './faults.ts';

export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

export function parseFault(value: unknown): Fault {
  const { method = null, containing, times, share, effect } = object(value, 'a fault');
  if (method !== null && typeof method !== 'string')
    throw new BadArgument('method: a name or null');
  if (containing !== undefined && !(typeof containing === 'string' && isHex(containing))) {
    throw new BadArgument('containing: bytes as hex');
  }
  return {
    method,
    effect: parseEffect(object(effect, 'effect')),
    ...(containing === undefined ? {} : { containing }),
    ...(times === undefined ? {} : { times: number(times, 'times', 1, Infinity) }),
    ...(share === undefined ? {} : { share: number(share, 'share', 0, 1) }),
  };
}

export function parseFaultId(value: unknown): number {
  return number(value, 'the id of a fault', 1, Number.MAX_SAFE_INTEGER);
}

/** The years 1970 to 2200: what nanoseconds of a signed 64-bit integer hold, and sense. */
export function parseTime(value: unknown): number | null {
  return value === null ? null : number(value, 'milliseconds since 1970', 0, 7_258_118_400_000);
}

function parseEffect(effect: Record<string, unknown>): Fault['effect'] {
  const { kind } = effect;
  switch (kind) {
    case 'latency': {
      const milliseconds = number(effect['milliseconds'], 'effect.milliseconds', 0, 600_000);
      return { kind, milliseconds };
    }
    case 'bandwidth': {
      const bytesPerSecond = number(effect['bytesPerSecond'], 'effect.bytesPerSecond', 1, 1e12);
      return { kind, bytesPerSecond };
    }
    case 'fail': {
      const { status, message, retryAfterMilliseconds } = effect;
      if (typeof status !== 'string' || !Object.hasOwn(grpcStatus, status)) {
        throw new BadArgument(`effect.status: one of ${Object.keys(grpcStatus).join(', ')}`);
      }
      return {
        kind,
        status: status as GrpcStatus,
        ...(typeof message === 'string' ? { message } : {}),
        ...(retryAfterMilliseconds === undefined
          ? {}
          : {
              retryAfterMilliseconds: number(
                retryAfterMilliseconds,
                'effect.retryAfterMilliseconds',
                0,
                86_400_000,
              ),
            }),
      };
    }
    case 'http':
      return { kind, status: number(effect['status'], 'effect.status', 100, 599) };
    case 'cut-after':
      return { kind, messages: number(effect['messages'], 'effect.messages', 0, 1e9) };
    case 'drop':
    case 'hang':
    case 'lose-answer':
      return { kind };
    default:
      throw new BadArgument(
        'effect.kind: latency, bandwidth, fail, http, drop, hang, lose-answer or cut-after',
      );
  }
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new BadArgument(`${what}: an object`);
  return value as Record<string, unknown>;
}

function number(value: unknown, what: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new BadArgument(`${what}: a number from ${least} to ${most}`);
  }
  return value;
}

function isHex(text: string): boolean {
  return text.length > 0 && text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}
