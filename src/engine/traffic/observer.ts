/**
 * libxmtp's traffic is `fetch`, called in this worker's global scope. This wrapper sees every call,
 * gives each a deadline, and refuses hosts that were not configured: messages can name servers.
 */
import { toHex } from '../../shared/hex.ts';
import type { NetworkEndpoints } from '../../shared/network-choice.ts';
import type { CallFailure, CallOutcome, ObservedCall } from './evidence.ts';
import { hasFirstField, readFirstBytesField, readOutcome } from '../../shared/grpc-web.ts';
import { noteRequests, type RequestScope } from './request-bytes.ts';

/** Milliseconds that a call to the node may take; libxmtp itself waits for ever. */
const callDeadline = 15_000;
/** Archives are large: only silence ends them. */
const archiveDeadline = 5 * 60_000;

export interface TrafficObserver {
  /** Only these hosts may be contacted from now on. */
  configure(endpoints: NetworkEndpoints): void;
  /**
   * One more history server, because the person chose it for one request. Nothing that a message names
   * is allowed by itself.
   */
  allowHistoryServer(url: string): void;
  /**
   * Whether archives may leave this installation. libxmtp answers requests by itself and has no switch
   * for it; it tries a refused upload again later, so that nothing is lost when they are allowed.
   */
  allowUploads(allowed: boolean): void;
  /** Allows uploads while something works that the person asked for. */
  uploading<Output>(work: () => Promise<Output>): Promise<Output>;
  /** Milliseconds since the last call ended; 0 while there is one. */
  quietFor(): number;
  /** Calls pass through a closed gate at once as failed: after a time-out, until the next operation. */
  newOperation(): void;
}

export interface TrafficListeners {
  /** Hears of each call before it leaves, and sees what it carries where that is at hand; `seen` follows. */
  readonly sending?: (method: string, body: Uint8Array | null) => void;
  /** Hears of each call when it is over, before libxmtp hears its answer. */
  readonly seen: (call: ObservedCall) => void;
  /** Hears of each call to the node that succeeded, as it was made and answered. */
  readonly answered?: (exchange: Exchange) => void;
  /** Sees each answer before libxmtp does, which waits until it settles. Must not throw. */
  readonly passing?: (method: string, answer: Uint8Array) => Promise<void>;
  /** Comes before every call that tells somebody something. If it throws, the call is not made. */
  readonly publishing?: () => void;
}

export interface Exchange {
  readonly method: string;
  readonly request: Request;
  /** A copy of what the request carries; null where it changes something, or is not at hand. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly answer: Uint8Array<ArrayBuffer>;
}

/** Methods of the node that change nothing there. */
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
    // libxmtp makes a request and passes its signal and referrer policy beside it; a copy costs time.
    const isMade =
      input instanceof Request && init?.method === undefined && init?.body === undefined;
    const request = isMade ? input : new scope.Request(input, init);
    const options = isMade ? init : undefined;
    const url = new URL(request.url);
    // libxmtp's own code comes from our package.
    if (url.origin === scope.location.origin) return realFetch(request, options);
    const method = url.pathname.split('/').filter(Boolean)[0] ?? '';
    const isHistory = historyOrigins.has(url.origin) && !url.pathname.includes('xmtp.');
    const name = isHistory ? method : (url.pathname.split('/').at(-1) ?? '');
    const sentBy = (body: Uint8Array) => {
      const groupId = name === 'QueryGroupMessages' ? readFirstBytesField(body) : null;
      return { groupId: groupId === null ? null : toHex(groupId), bytesSent: body.length };
    };
    const bytes = bytesOf(request);
    // What is not at hand is read beside the call, which does not wait for it.
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
      // No failure of the operation that happens to be under way: the person wants it so.
      throw new TypeError('serving history is switched off');
    }
    // One silent server must not cost a deadline for each of libxmtp's five tries.
    if (timedOut !== null) return refuse(timedOut);

    const isRead = isHistory ? request.method === 'GET' : reads.test(name);
    if (!isRead) publishing?.();
    // libxmtp may use the memory again as soon as the request has left.
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
      await report(outcome, answer.length, hasFirstField(answer));
      if (outcome.ok) answered?.({ method: name, request, body, answer });
      if (outcome.ok) await passing?.(name, answer);
      const { status, statusText, headers } = response;
      const copy = new Response(answer, { status, statusText, headers });
      // libxmtp's client for the history server parses it, and without it throws where nobody listens.
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
