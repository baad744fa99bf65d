/**
 * Observes libxmtp's traffic, which is `fetch` in this worker's global scope. The wrapper gives every call a
 * deadline and refuses hosts that were not configured, because messages can name servers.
 */
import { toHex } from '../../shared/hex.ts';
import type { NetworkEndpoints } from '../../shared/network-choice.ts';
import type { CallFailure, CallOutcome, ObservedCall } from './evidence.ts';
import { firstMessage, readOutcome } from '../../shared/grpc-web.ts';
import { readAllBytes, startsWithField } from './protobuf-fields.ts';
import { noteRequests, type RequestScope } from './request-bytes.ts';

/** Milliseconds that a call to the node may take; libxmtp itself waits forever. */
const callDeadline = 15_000;
/** Milliseconds that an archive may take, which can be large. */
const archiveDeadline = 5 * 60_000;

export interface TrafficObserver {
  /** From now on allows only these hosts. */
  configure(endpoints: NetworkEndpoints): void;
  /** Also allows a history server that the person chose. A server that a message names is not enough. */
  allowHistoryServer(url: string): void;
  /**
   * Sets whether libxmtp may upload archives. It answers requests on its own and has no switch for that. It
   * repeats a refused upload later, so nothing is lost when uploads are allowed again.
   */
  allowUploads(allowed: boolean): void;
  /** Allows uploads for work that the person asked for. */
  uploading<Output>(work: () => Promise<Output>): Promise<Output>;
  /** Milliseconds since the last call ended; 0 while one is under way. */
  quietFor(): number;
  /** After a time-out all calls fail at once; this ends that. */
  newOperation(): void;
}

export interface TrafficListeners {
  /** Hears of each call before it leaves. `body` is null where the bytes are not at hand. `seen` follows. */
  readonly sending?: (method: string, body: Uint8Array | null) => void;
  /** Hears of each call once it is over, before libxmtp gets the answer. */
  readonly seen: (call: ObservedCall) => void;
  /** Hears of each call that succeeded, with its request and answer. */
  readonly answered?: (exchange: Exchange) => void;
  /** Sees each successful answer; libxmtp gets it once this settles. Must not throw. */
  readonly passing?: (method: string, answer: Uint8Array) => Promise<void>;
  /** Runs before every call that publishes something. If it throws, the call is not made. */
  readonly publishing?: () => void;
}

export interface Exchange {
  readonly method: string;
  readonly request: Request;
  /** A copy of the request's bytes; null where the call changes something or the bytes are not at hand. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly answer: Uint8Array<ArrayBuffer>;
}

/** The node's methods that change nothing there. */
const reads = /^(Query|Get|Fetch|BatchQuery|Verify|Subscribe)/;

/** Replaces `fetch` and `Request`. Must run before libxmtp starts. */
export function observeTraffic(
  scope: RequestScope & { fetch: typeof fetch; readonly location: { readonly origin: string } },
  { sending, seen, answered, passing, publishing }: TrafficListeners,
): TrafficObserver {
  const realFetch = scope.fetch.bind(scope);
  const bytesOf = noteRequests(scope);
  let allowed = new Set<string>();
  let historyOrigins = new Set<string>();
  let uploadsAllowed = true;
  let uploadsAskedFor = 0;
  let underWay = 0;
  let lastEnd = 0;
  let timedOut: CallFailure | null = null;

  async function observed(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    // libxmtp passes a request with a signal and a referrer policy beside it. Copying it would cost time.
    const isMade =
      input instanceof Request && init?.method === undefined && init?.body === undefined;
    const request = isMade ? input : new scope.Request(input, init);
    const options = isMade ? init : undefined;
    const url = new URL(request.url);
    // libxmtp's WASM comes from our own package.
    if (url.origin === scope.location.origin) return realFetch(request, options);
    const method = url.pathname.split('/').filter(Boolean)[0] ?? '';
    const isHistory = historyOrigins.has(url.origin) && !url.pathname.includes('xmtp.');
    const name = isHistory ? method : (url.pathname.split('/').at(-1) ?? '');
    const sentBy = (body: Uint8Array) => {
      const groupId = name === 'QueryGroupMessages' ? askedGroup(body) : null;
      return { groupId, bytesSent: body.length };
    };
    const bytes = bytesOf(request);
    // Bytes that are not at hand are read while the call is under way.
    const sent =
      bytes === null
        ? request
            .clone()
            .arrayBuffer()
            .then((buffer) => sentBy(new Uint8Array(buffer)))
        : sentBy(bytes);
    const report = async (outcome: CallOutcome, received: number, found: boolean) => {
      seen({
        method: name,
        ...(await sent),
        bytesReceived: received,
        found,
        outcome,
      });
    };
    const refuse = async (failure: CallFailure): Promise<never> => {
      await report(failure, 0, false);
      throw new TypeError(failure.detail);
    };

    sending?.(name, bytes);
    if (!allowed.has(url.origin)) {
      return refuse(failed('host_not_configured', `${url.origin} is not one of the chosen hosts`));
    }
    if (isHistory && name === 'upload' && !uploadsAllowed && uploadsAskedFor === 0) {
      // The person wants it so; it must not count as a failure of the operation under way.
      throw new TypeError('serving history is switched off');
    }
    // A silent server must not cost a deadline for each of libxmtp's five tries.
    if (timedOut !== null) return refuse(timedOut);

    const isRead = isHistory ? request.method === 'GET' : reads.test(name);
    if (!isRead) publishing?.();
    // libxmtp may reuse the memory once the request has left.
    const body = isRead ? (bytes?.slice() ?? null) : null;

    if (name.startsWith('Subscribe')) return realFetch(request, options);

    const abort = new AbortController();
    const deadline = isHistory ? archiveDeadline : callDeadline;
    const timer = setTimeout(() => abort.abort(), deadline);
    try {
      const response = await realFetch(request, { ...options, signal: abort.signal });
      const answer = new Uint8Array(await response.arrayBuffer());
      const outcome = isHistory ? ofHttp(response) : ofGrpc(response, answer);
      clearTimeout(timer);
      await report(outcome, answer.length, hasMessages(answer));
      if (outcome.ok) answered?.({ method: name, request, body, answer });
      if (outcome.ok) await passing?.(name, answer);
      const { status, statusText, headers } = response;
      const copy = new Response(answer, { status, statusText, headers });
      // libxmtp parses the history server's URL; without it, it throws where nobody catches.
      Object.defineProperty(copy, 'url', { value: url.href });
      return copy;
    } catch (error) {
      if (abort.signal.aborted) {
        timedOut = failed('network_timeout', `${name}: no answer within ${deadline} ms`);
        return await refuse(timedOut);
      }
      return await refuse(failed('network_unreachable', `${name}: ${String(error)}`));
    } finally {
      clearTimeout(timer);
    }
  }
  scope.fetch = async (input, init) => {
    underWay++;
    try {
      return await observed(input, init);
    } finally {
      underWay--;
      lastEnd = Date.now();
    }
  };

  return {
    configure(endpoints) {
      const hosts = [endpoints.nodeUrl, endpoints.gatewayUrl, endpoints.historyUrl];
      allowed = new Set(hosts.flatMap((host) => (host === null ? [] : [new URL(host).origin])));
      historyOrigins = new Set([new URL(endpoints.historyUrl).origin]);
    },
    allowHistoryServer(url) {
      const { origin } = new URL(url);
      allowed.add(origin);
      historyOrigins.add(origin);
    },
    allowUploads(isAllowed) {
      uploadsAllowed = isAllowed;
    },
    async uploading(work) {
      uploadsAskedFor++;
      try {
        return await work();
      } finally {
        uploadsAskedFor--;
      }
    },
    quietFor: () => (underWay > 0 ? 0 : Date.now() - lastEnd),
    newOperation() {
      timedOut = null;
    },
  };
}

/** The `group_id` (1) of a message query, as hex. */
function askedGroup(request: Uint8Array): string | null {
  const message = firstMessage(request);
  const [groupId] = message === null ? [] : readAllBytes(message, 1);
  return groupId === undefined ? null : toHex(groupId);
}

/** Whether an answer carries messages: they are field 1 of the answers to every query. */
export function hasMessages(answer: Uint8Array): boolean {
  const message = firstMessage(answer);
  return message !== null && startsWithField(message, 1);
}

function failed(
  code: CallFailure['code'],
  detail: string,
  retryAfter: number | null = null,
): CallFailure {
  return { ok: false, code, detail, retryAfter };
}

function ofHttp(response: Response): CallOutcome {
  if (response.ok) return { ok: true };
  return failed('history_server_failed', `history server: HTTP ${response.status}`);
}

const gatewayStatuses = new Set([502, 503, 504]);

function ofGrpc(response: Response, body: Uint8Array): CallOutcome {
  const { status, message, retryAfter } = readOutcome(response.headers, body);
  if (response.status === 429) return failed('network_rate_limited', 'HTTP 429', retryAfter);
  if (gatewayStatuses.has(response.status)) {
    return failed('network_refused', `HTTP ${response.status}`, retryAfter);
  }
  const detail = `gRPC status ${status ?? 'missing'}: ${message}`;
  switch (status) {
    case 0:
      return { ok: true };
    case 4:
      return failed('network_timeout', detail, retryAfter);
    case 8:
      return failed('network_rate_limited', detail, retryAfter);
    case 14:
      return failed('network_refused', detail, retryAfter);
    default:
      return failed('network_failed', detail, retryAfter);
  }
}
