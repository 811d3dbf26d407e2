/** Keys of the page; none while somebody writes, none that the browser has for itself. */
import type { SoundView } from './sound-view.ts';
import type { TakeRow } from './take-row.ts';

export function listenToKeys(view: () => SoundView | undefined, find: HTMLInputElement): void {
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const isWriting = target instanceof HTMLInputElement && target.type !== 'checkbox';
    if (ctrlKey || metaKey || altKey) return;
    if (isWriting) {
      if (key === 'Escape') find.blur();
      return;
    }
    const act = actOf(key.toLowerCase(), view(), find);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actOf(
  key: string,
  view: SoundView | undefined,
  find: HTMLInputElement,
): (() => void) | undefined {
  if (key === '/') return () => find.focus();
  if (view === undefined) return undefined;
  const rows = view.rows();
  const index = rows.findIndex(({ element }) => element.contains(document.activeElement));
  const row: TakeRow | undefined = rows[index];
  if (key === 'r') return () => view.roll();
  if (key === 'arrowdown') return () => rows[Math.min(index + 1, rows.length - 1)]?.focus();
  if (key === 'arrowup') return () => rows[Math.max(index - 1, 0)]?.focus();
  if (row === undefined) return undefined;
  const acts: Record<string, () => void> = { l: row.lock, b: row.ban };
  return Object.hasOwn(acts, key) ? acts[key] : undefined;
}
