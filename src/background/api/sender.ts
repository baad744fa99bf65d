/** Who may command the background: pages of this extension, and nothing that runs in web pages. */
export function isOwnPage(
  sender: { readonly id?: string | undefined; readonly url?: string | undefined },
  ownId: string,
  ownOrigin: string,
): boolean {
  return sender.id === ownId && sender.url?.startsWith(ownOrigin) === true;
}
