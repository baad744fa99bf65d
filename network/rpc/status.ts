/** gRPC's statuses, and a call that ends with one. */
export const grpcStatus = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type GrpcStatus = keyof typeof grpcStatus;

/** Ends a call with a status and a message that its caller reads. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  constructor(
    readonly status: GrpcStatus,
    message: string,
    /** When the caller may try again, told as google.rpc.RetryInfo. */
    readonly retryAfterMilliseconds: number | null = null,
  ) {
    super(message);
  }
}

/** What a caller is told of something that was thrown: our own words, or that we failed. */
export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new RpcError('INTERNAL', `the local network failed: ${text}`);
}

/** A status as headers or trailers. */
export function statusHeaders(error: RpcError | null): Record<string, string> {
  if (error === null) return { 'grpc-status': '0' };
  const { status, message, retryAfterMilliseconds } = error;
  const headers: Record<string, string> = {
    'grpc-status': String(grpcStatus[status]),
    'grpc-message': encodeURIComponent(message),
  };
  if (retryAfterMilliseconds !== null) {
    headers['retry-after'] = String(Math.ceil(retryAfterMilliseconds / 1000));
    headers['grpc-status-details-bin'] = retryDetails(error, retryAfterMilliseconds);
  }
  return headers;
}

/** A google.rpc.Status with one google.rpc.RetryInfo, in base64 without padding. */
function retryDetails({ status, message }: RpcError, milliseconds: number): string {
  const duration = Buffer.concat([
    varintField(1, Math.floor(milliseconds / 1000)),
    varintField(2, Math.round((milliseconds % 1000) * 1_000_000)),
  ]);
  const any = Buffer.concat([
    bytesField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    bytesField(2, bytesField(1, duration)),
  ]);
  const details = Buffer.concat([
    varintField(1, grpcStatus[status]),
    bytesField(2, Buffer.from(message)),
    bytesField(3, any),
  ]);
  return details.toString('base64').replace(/=+$/, '');
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field << 3), varint(value)]);
}

function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}
