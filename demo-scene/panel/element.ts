/** The page's own elements, typed. */

/** @throws Error when index.html has no such element of that kind. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`demo: index.html has no ${kind.name} with the id "${id}". Restore it.`);
}

/** Shows a message, or hides the element when it is empty. */
export function showText(target: HTMLElement, text: string): void {
  target.textContent = text;
  target.hidden = text === '';
}

/** Shows a bar filled to `part` in [0, 1]; null hides it. */
export function showBar(bar: HTMLElement, part: number | null): void {
  bar.hidden = part === null;
  bar.style.setProperty('--part', String(part ?? 0));
}
