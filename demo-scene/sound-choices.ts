/**
 * Takes that were chosen or refused in the panel. Under `npm start` they are written into sounds.yaml, and what a designer saves
 * there is read again while the page is open; on any other host they last as long as the page.
 */
import type { Foley } from '../plugin/foley.ts';

const FILE = './sounds.yaml';
const LOOK_MS = 2000;

type Choice = { sound: string; lock: number | null } | { sound: string; ban: number };

export interface SoundChoices {
  /** Whether they are kept in the file. */
  readonly isWritable: boolean;
  lock(sound: string, seed: number | null): Promise<void>;
  ban(sound: string, seed: number): Promise<void>;
  lockedSeed(sound: string): number | null;
  isBanned(sound: string, seed: number): boolean;
}

export interface SoundChoicesOptions {
  foley: Pick<Foley<unknown>, 'sounds' | 'setSounds' | 'lock' | 'ban'>;
  /** A map that was changed is in use, or why it is not. */
  onReload: (error: unknown) => void;
}

export async function createSoundChoices(options: SoundChoicesOptions): Promise<SoundChoices> {
  const { foley, onReload } = options;
  const isWritable = await canWrite();
  if (isWritable) watchFile(foley, onReload);
  const takesOf = (sound: string) => foley.sounds.sounds.get(sound)?.takes;
  return {
    isWritable,
    async lock(sound, seed) {
      foley.lock(sound, seed);
      if (isWritable) await write({ sound, lock: seed });
    },
    async ban(sound, seed) {
      const before = takesOf(sound)?.ban ?? [];
      foley.ban(sound, seed);
      const banned = takesOf(sound)?.ban.filter((one) => !before.includes(one)) ?? [];
      if (isWritable) for (const one of banned) await write({ sound, ban: one }); // a pack may have it under another seed too
    },
    lockedSeed: (sound) => takesOf(sound)?.lock ?? null,
    isBanned: (sound, seed) => takesOf(sound)?.ban.includes(seed) ?? false,
  };
}

async function canWrite(): Promise<boolean> {
  const response = await fetch(FILE, { method: 'HEAD' }).catch(() => null);
  return response?.headers.get('X-Sounds') === 'writable';
}

/** @throws Error with the server's words. */
async function write(choice: Choice): Promise<void> {
  const headers = { 'Content-Type': 'application/json', 'X-Sounds': 'write' };
  const response = await fetch(FILE, { method: 'POST', headers, body: JSON.stringify(choice) });
  if (response.ok) return;
  throw new Error(`demo: sounds.yaml was not changed. ${await response.text()}`);
}

function watchFile(foley: SoundChoicesOptions['foley'], onReload: (error: unknown) => void): void {
  let known: string | null = null;
  setInterval(async () => {
    const text = await fetch(FILE)
      .then((response) => response.text())
      .catch(() => known);
    if (text === known) return;
    const isFirst = known === null;
    known = text;
    if (isFirst) return;
    await foley.setSounds(new URL(FILE, document.baseURI)).then(() => onReload(null), onReload);
  }, LOOK_MS);
}
