/**
 * A web page on localhost with wallets in it. The page announces them by EIP-6963 and passes their calls on
 * to this process, where they are answered; so a test decides what each wallet does.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { answer, WalletError, type Wallet } from './wallet.ts';

export interface WalletSite {
  readonly url: string;
  /** Those that the next page load announces. */
  wallets: Wallet[];
  /** The first of them is `window.ethereum` as well, and announces itself or not. */
  injected: { readonly announced: boolean } | null;
  /** Runs in the page before anything else: what a hostile page does. */
  script: string;
  /** What the page has reported by `report(text)`. */
  readonly reports: string[];
  close(): Promise<void>;
}

export async function openWalletSite(wallets: Wallet[] = []): Promise<WalletSite> {
  const server = createServer((request, response) => {
    void (async () => {
      response.setHeader('cache-control', 'no-store');
      if (request.method === 'GET') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        // Strict, as pages that handle money are: what is injected must work all the same.
        response.setHeader(
          'content-security-policy',
          "default-src 'none'; script-src 'nonce-page'; connect-src 'self'",
        );
        response.end(pageOf(site));
        return;
      }
      const body = JSON.parse(await read(request)) as Body;
      if ('report' in body) {
        site.reports.push(body.report);
        response.end('{}');
        return;
      }
      response.end(JSON.stringify(await answered(site, body)));
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const site: WalletSite = {
    url: `http://localhost:${port}/`,
    wallets,
    injected: null,
    script: '',
    reports: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}

type Body =
  | { readonly report: string }
  | { readonly uuid: string; readonly method: string; readonly params: readonly string[] };

async function answered(site: WalletSite, call: Exclude<Body, { readonly report: string }>) {
  const wallet = site.wallets.find(({ uuid }) => uuid === call.uuid);
  try {
    if (wallet === undefined) throw new WalletError(4900, 'disconnected');
    return { result: await answer(wallet, call.method, call.params) };
  } catch (error) {
    const code = error instanceof WalletError ? error.code : -32603;
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function pageOf({ wallets, injected, script }: WalletSite): string {
  const announced = wallets.map(({ uuid, name, icon }) => ({
    uuid,
    name,
    icon,
    rdns: 'x.example',
  }));
  const json = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><title>A page with wallets</title>
<script nonce="page">
  const post = (body) => fetch('/', { method: 'POST', body: JSON.stringify(body) });
  const report = (text) => void post({ report: String(text) });
  ${script}
</script>
<script nonce="page">
  const providers = ${json(announced)}.map((info) => ({
    info: Object.freeze(info),
    provider: Object.freeze({
      async request({ method, params = [] }) {
        // A page that is left hears nothing more of its wallet.
        const response = await post({ uuid: info.uuid, method, params }).catch(() => new Promise(() => {}));
        const { result, error } = await response.json();
        if (error) throw Object.assign(new Error(error.message), { code: error.code });
        return result;
      },
    }),
  }));
  const injected = ${json(injected)};
  if (injected) window.ethereum = providers[0].provider;
  const announce = () => {
    for (const detail of injected && !injected.announced ? providers.slice(1) : providers) {
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: Object.freeze(detail) }));
    }
  };
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
</script>
<h1>A page with wallets</h1>`;
}
