/** Why a prompt is silent, once for each: its take is still to come, or never will. */
import type { TakeLibrary } from '../takes.ts';
import type { Pool } from './pool.ts';

export function tellAbsent(pool: Pool, takes: TakeLibrary, warn: (message: string) => void): void {
  if (pool.warned) return;
  pool.warned = true;
  warn(isNever(pool, takes) ? neverOf(pool) : notYetOf(pool));
}

/** Nothing of it is baked, and nothing is made live. */
export function isNever({ requests }: Pool, takes: TakeLibrary): boolean {
  return !requests.some(takes.offers);
}

function neverOf({ prompt }: Pool): string {
  return `director: "${prompt}" is in no pack, so it is silent. Bake it, or leave \`live\` on.`;
}

function notYetOf({ prompt }: Pool): string {
  return `director: no take yet of "${prompt}", so it is silent. Prefetch it to hear the first.`;
}
