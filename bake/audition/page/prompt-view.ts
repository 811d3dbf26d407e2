/**
 * One prompt of a sound and its takes: those of the pool, the locked one, and others that were rolled to be heard.
 *
 *   ▾ light footstep on gravel
 *       seed 0 …          pool
 *       seed 7 …          rolled: in the sound map only if it is locked
 *     [Roll another]
 */
import { buttonOf } from '../../../plugin/panel/elements.ts';
import type { AuditionSound } from '../contract.ts';
import type { PageParts } from './parts.ts';
import { createTakeRow, type TakeRow } from './take-row.ts';

export interface PromptView {
  readonly element: HTMLDetailsElement;
  readonly rows: readonly TakeRow[];
  update(sound: AuditionSound): void;
  /** One more seed, heard at once. */
  roll(): void;
  redraw(): void;
}

export function createPromptView(
  parts: PageParts,
  prompt: string,
  given: AuditionSound,
): PromptView {
  const { make } = parts;
  const list = make('ol', { className: 'takes' });
  const again = buttonOf(make, 'Roll another', roll);
  const summary = make('summary', { text: prompt });
  const element = make('details', {}, summary, list, again);
  const rolled = new Set<number>();
  let sound = given;
  let rows: TakeRow[] = [];

  function show(): void {
    if (!element.open) return;
    const known = new Map(rows.map((row) => [row.seed, row]));
    const { name: called, duration, loop } = sound;
    const name = { sound: called, prompt, duration, loop };
    rows = seedsShown(sound, rolled).map(
      (seed) => known.get(seed) ?? createTakeRow(parts, { ...name, seed }),
    );
    place(list, rows);
    for (const row of rows) row.update(sound);
    for (const row of rows) if (!known.has(row.seed)) row.prepare();
  }

  function roll(): void {
    element.open = true;
    const seeds = [...seedsShown(sound, rolled), ...sound.ban];
    let seed = 0;
    while (seeds.includes(seed)) seed += 1;
    rolled.add(seed);
    show();
    const row = rows.find((one) => one.seed === seed);
    row?.focus();
    row?.toggle();
  }

  element.addEventListener('toggle', show);
  return {
    element,
    get rows() {
      return element.open ? rows : [];
    },
    update(next) {
      sound = next;
      show();
    },
    roll,
    redraw() {
      for (const row of rows) row.redraw();
    },
  };
}

function seedsShown({ seeds, lock, ban }: AuditionSound, rolled: ReadonlySet<number>): number[] {
  const all = new Set([...seeds, ...(lock === null ? [] : [lock]), ...rolled]);
  return [...all].filter((seed) => !ban.includes(seed));
}

/** Rows that stay are not moved, so that they keep the focus; where the one that has it goes, the next one gets it. */
function place(list: HTMLElement, rows: readonly TakeRow[]): void {
  const before = [...list.children];
  const focused = before.findIndex((element) => element.contains(document.activeElement));
  const elements = new Set<Element>(rows.map(({ element }) => element));
  for (const element of before) if (!elements.has(element)) element.remove();
  rows.forEach(({ element }, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  const isGone = focused >= 0 && !elements.has(before[focused] as Element);
  if (isGone) rows[Math.min(focused, rows.length - 1)]?.focus();
}
