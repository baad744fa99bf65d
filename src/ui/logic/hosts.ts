/** Whether what a person typed can be a host's address, and what is wrong with it if not. */

export type HostProblem =
  'host_missing' | 'host_not_an_address' | 'host_wrong_protocol' | 'host_has_extras';

/** Null if the text is a usable http(s) address; the same rules as `networkChoiceSchema`. */
export function hostProblem(text: string): HostProblem | null {
  const trimmed = text.trim();
  if (trimmed === '') return 'host_missing';
  if (!URL.canParse(trimmed)) return 'host_not_an_address';
  const url = new URL(trimmed);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    // `localhost:5557` parses as protocol `localhost:`; say what is missing rather than what is odd.
    return trimmed.includes('://') ? 'host_wrong_protocol' : 'host_not_an_address';
  }
  if (!/^https?:\/\//i.test(trimmed)) return 'host_not_an_address';
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain ? null : 'host_has_extras';
}

/** The address as commands take it: without blanks around it, its protocol in lower case. */
export function normaliseHost(text: string): string {
  return text.trim().replace(/^https?:/i, (protocol) => protocol.toLowerCase());
}

/** Whether the text has the form of a private key: 32 bytes in hex, with or without `0x`. */
export function looksLikePrivateKey(text: string): boolean {
  return /^(?:0x)?[0-9a-fA-F]{64}$/.test(text.trim());
}
