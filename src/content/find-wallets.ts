/**
 * Runs in a web page's own world, on demand. The page is hostile: it sees this code, can replace everything
 * that it calls, and may answer what it likes. It gets nothing but the question which wallets there are.
 *
 * Injected as source text, so it uses nothing from outside of itself.
 */

/** A wallet as the page has it announced; nothing of it is to be believed. */
export interface AnnouncedWallet {
  /** To be named when it is asked for something; unique in this page. */
  readonly id: string;
  readonly name: string;
  readonly icon: string;
}

/**
 * Wallets that announce themselves (EIP-6963), and the older `window.ethereum` where none of them is it.
 * @param patience milliseconds: announcements come at once, but a page may have much to do.
 */
export async function findWallets(patience: number): Promise<readonly AnnouncedWallet[]> {
  const most = { wallets: 20, name: 60, icon: 100_000 };
  const found = new Map<string, AnnouncedWallet>();
  const providers = new Set<unknown>();
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const listen = (event: Event) => {
    const { info, provider } = ((event as CustomEvent<unknown>).detail ?? {}) as {
      readonly info?: Readonly<Record<string, unknown>>;
      readonly provider?: unknown;
    };
    const id = text(info?.['uuid']);
    if (id === '' || id.length > 100 || found.has(id) || found.size >= most.wallets) return;
    const icon = text(info?.['icon']);
    found.set(id, {
      id,
      name: text(info?.['name']).slice(0, most.name),
      icon: icon.length > most.icon ? '' : icon,
    });
    providers.add(provider);
  };
  window.addEventListener('eip6963:announceProvider', listen);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  await new Promise((resolve) => setTimeout(resolve, patience));
  window.removeEventListener('eip6963:announceProvider', listen);
  const { ethereum } = window as { readonly ethereum?: unknown };
  if (typeof ethereum === 'object' && ethereum !== null && !providers.has(ethereum)) {
    const { isMetaMask } = ethereum as { readonly isMetaMask?: unknown };
    // Many wallets say so for the sake of old pages, and those that do not announce themselves are old.
    const name = isMetaMask === true && found.size === 0 ? 'MetaMask' : '';
    found.set('window.ethereum', { id: 'window.ethereum', name, icon: '' });
  }
  return [...found.values()];
}
