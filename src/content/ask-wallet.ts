/**
 * Runs in a web page's own world, on demand, like `find-wallets.ts`: one call of one wallet. What it is
 * called with is what the wallet is to get, so the page, which sees it, learns nothing more.
 *
 * Injected as source text, so it uses nothing from outside of itself.
 */

/** One request as EIP-1193 has it. */
export interface WalletCall {
  readonly walletId: string;
  readonly method: string;
  readonly params: readonly string[];
}

/** `gone`: this page has no such wallet any more. */
export type WalletReply =
  | { readonly kind: 'value'; readonly value: string | readonly string[] }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'gone' };

export async function askWallet({ walletId, method, params }: WalletCall): Promise<WalletReply> {
  interface Provider {
    request(call: {
      readonly method: string;
      readonly params: readonly string[];
    }): Promise<unknown>;
  }
  const longest = 200_000;
  const find = (): Provider | null => {
    if (walletId === 'window.ethereum') {
      return (window as { readonly ethereum?: Provider }).ethereum ?? null;
    }
    let found: Provider | null = null;
    const listen = (event: Event) => {
      const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as {
        readonly info?: { readonly uuid?: unknown };
        readonly provider?: Provider;
      };
      if (info?.uuid === walletId) found ??= provider ?? null;
    };
    window.addEventListener('eip6963:announceProvider', listen);
    window.dispatchEvent(new Event('eip6963:requestProvider'));
    window.removeEventListener('eip6963:announceProvider', listen);
    return found;
  };
  // Some announce themselves a moment after they are asked to.
  let provider = find();
  for (let tries = 0; provider === null && tries < 10; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    provider = find();
  }
  if (provider === null) return { kind: 'gone' };
  try {
    const value = await provider.request({ method, params });
    if (typeof value === 'string') return { kind: 'value', value: value.slice(0, longest) };
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const texts = list.filter((one): one is string => typeof one === 'string');
    return { kind: 'value', value: texts.slice(0, 50).map((one) => one.slice(0, 100)) };
  } catch (thrown) {
    const { code, message } = (thrown ?? {}) as {
      readonly code?: unknown;
      readonly message?: unknown;
    };
    return {
      kind: 'error',
      code: typeof code === 'number' ? code : 0,
      message: typeof message === 'string' ? message.slice(0, 300) : '',
    };
  }
}
