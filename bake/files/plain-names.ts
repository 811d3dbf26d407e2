/**
 * Names out of a token pack → names of files: whatever it says, a file lies in the folder that was asked for, and no two are
 * one.
 *
 *   'footstep'   'foot/../step'   'Rain'   'rain'
 *    footstep     foot-step        Rain     rain-2
 */

/** Names of devices on Windows: no file and no folder can be called so. */
export const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;
const MOST = 80;

/** @param reserved these are taken already. @returns a plain name for each, in order */
export function plainNames(names: readonly string[], reserved: readonly string[] = []): string[] {
  const taken = new Set(reserved);
  return names.map((name) => {
    const free = freeName(plainName(name), taken);
    taken.add(free.toLowerCase()); // some file systems know no case
    return free;
  });
}

function plainName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, '-').slice(0, MOST);
  const trimmed = plain.replace(/^-|-$/g, '') || 'sound';
  return RESERVED.test(trimmed) ? `${trimmed}-` : trimmed;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-${n}`;
  return free;
}
