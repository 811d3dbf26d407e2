/** Addresses as a worker needs them: its own address is another one than the page's. */

export function absoluteUrl(url: string | URL): string {
  return new URL(url, globalThis.location?.href).href;
}

/** Ends in '/'. */
export function absoluteFolder(url: string | URL): string {
  const text = String(url);
  return absoluteUrl(text.endsWith('/') ? text : `${text}/`);
}
