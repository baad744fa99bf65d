/** Handlers of services, typed by their descriptors, as a table of paths. */
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethod,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { RpcError } from './status.ts';

type Handler<Method> = Method extends {
  input: infer Input extends DescMessage;
  output: infer Output extends DescMessage;
  methodKind: infer Kind;
}
  ? Kind extends 'unary'
    ? (request: MessageShape<Input>) => MessageInitShape<Output>
    : (request: MessageShape<Input>, signal: AbortSignal) => AsyncIterable<MessageShape<Output>>
  : never;

/** One function a method: a unary one answers, a streaming one yields until its signal aborts. */
export type Handlers<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: Handler<Service['method'][Name]>;
};

export type Route =
  | { readonly kind: 'unary'; readonly call: (request: Uint8Array) => Uint8Array }
  | {
      readonly kind: 'streaming';
      /** Throws before the first message where the request is refused. */
      readonly call: (request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>;
    };

/** The routes of a service by path. */
export function routesOf<Service extends DescService>(
  service: Service,
  handlers: Handlers<Service>,
): Map<string, Route> {
  const table = handlers as Readonly<Record<string, unknown>>;
  return new Map(
    service.methods.map((method) => [
      `/${service.typeName}/${method.name}`,
      route(method, table[method.localName]),
    ]),
  );
}

// The table's type says that each handler fits its method; here that is no longer visible.
function route({ input, output, methodKind }: DescMethod, handler: unknown): Route {
  if (methodKind === 'unary') {
    const handle = handler as (request: unknown) => MessageInitShape<DescMessage>;
    return {
      kind: 'unary',
      call: (bytes) => toBinary(output, create(output, handle(decode(input, bytes)))),
    };
  }
  const handle = handler as (request: unknown, signal: AbortSignal) => AsyncIterable<never>;
  return {
    kind: 'streaming',
    call: (bytes, signal) => encoded(output, handle(decode(input, bytes), signal)),
  };
}

async function* encoded(output: DescMessage, messages: AsyncIterable<never>) {
  for await (const message of messages) yield toBinary(output, message);
}

function decode(input: DescMessage, bytes: Uint8Array): unknown {
  try {
    return fromBinary(input, bytes);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new RpcError('INVALID_ARGUMENT', `not a ${input.typeName}: ${text}`);
  }
}
