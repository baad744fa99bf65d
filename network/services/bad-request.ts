/** Refusing what clients send: `INVALID_ARGUMENT` with a message, and nothing stored. */
import { RpcError } from '../rpc/status.ts';
import { TlsError } from '../tls/reader.ts';

export function badRequest(message: string): RpcError {
  return new RpcError('INVALID_ARGUMENT', message);
}

export function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw badRequest(message);
}

/** Runs a parser; what it cannot read is the client's mistake. */
export function parsing<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TlsError) throw badRequest(`${what}: ${error.message}`);
    throw error;
  }
}
