/**
 * A sound map's file while somebody listens: read, watched, and choices of takes written into it.
 *
 *   sounds.yaml ── read ──▶ SoundMap, or its problems (then the map before stays)
 *       ▲  └── changed, by an editor or by us ──▶ onChange
 *       └── choose: only the words about takes change, comments and spaces stay
 */
import { unwatchFile, watchFile } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SoundMap, TakeChoice } from '../../plugin/sound-definition.ts';
import { withTakeChoice } from '../../plugin/sound-map/tools.ts';
import { noSuch } from '../../plugin/sound-map/words.ts';
import { parseSoundMap, SoundMapError } from '../../plugin/sound-map.ts';
import { messageOf } from '../../runtime/errors.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { Choice } from './contract.ts';

export interface SoundFile {
  /** Without its folder. */
  readonly name: string;
  /** The last one that was right; null: there was none yet. */
  readonly map: SoundMap | null;
  /** Of the file as it is now. */
  readonly problems: readonly string[];
  /** @throws RangeError, SoundMapError; then the file is as before */
  choose(choice: Choice): Promise<void>;
  /** @returns takes the listener back */
  onChange(listener: () => void): () => void;
  dispose(): void;
}

/** Milliseconds between two looks. */
const LOOK_MS = 300;
const MAX_BANNED = 1024;

/** @throws Error where there is no such file. A map that is wrong is no error here. */
export async function openSoundFile(path: string): Promise<SoundFile> {
  const file = await realpath(path).catch((error: unknown) => {
    throw new Error(
      `audition: the sound map ${path} cannot be read: ${messageOf(error)}. Check its path.`,
    );
  });
  const name = basename(path);
  const listeners = new Set<() => void>();
  let map: SoundMap | null = null;
  let problems: readonly string[] = [];
  let text = '';
  let writing: Promise<unknown> = Promise.resolve();

  async function read(): Promise<void> {
    text = await readFile(file, 'utf8');
    try {
      map = await parseSoundMap(text, name);
      problems = [];
    } catch (error) {
      problems = problemsOf(error);
    }
  }

  async function look(): Promise<void> {
    const before = text;
    await read().catch((error: Error) => {
      problems = [`${name}: cannot be read, got ${error.message}. Put it back.`];
    });
    if (text !== before || problems.length > 0) for (const listener of listeners) listener();
  }

  async function write(choice: Choice): Promise<void> {
    const current = await readFile(file, 'utf8');
    const { sounds } = await parseSoundMap(current, name);
    const sound = sounds.get(choice.sound);
    if (sound === undefined)
      throw new RangeError(noSuch('sound', choice.sound, [...sounds.keys()]));
    const changed = await withTakeChoice(current, sound.name, chosen(sound.takes, choice));
    await parseSoundMap(changed, name);
    await writeWhole(file, changed);
    await look();
  }

  await read();
  const onLook = () => void look();
  watchFile(file, { interval: LOOK_MS }, onLook);
  return {
    name,
    get map() {
      return map;
    },
    get problems() {
      return problems;
    },
    choose(choice) {
      const result = writing.then(() => write(choice));
      writing = result.catch(() => {});
      return result;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      listeners.clear();
      unwatchFile(file, onLook);
    },
  };
}

function problemsOf(error: unknown): string[] {
  if (!(error instanceof SoundMapError)) throw error;
  return error.problems.map(({ message }) => message);
}

/** @throws RangeError for what is no seed, and for more bans than anybody listens to. */
function chosen({ lock, ban }: TakeChoice, choice: Choice): TakeChoice {
  if ('lock' in choice) {
    const seed = choice.lock === null ? null : checkedSeed(choice.lock);
    return { lock: seed, ban: ban.filter((one) => one !== seed) };
  }
  if ('allow' in choice) return { lock, ban: ban.filter((one) => one !== choice.allow) };
  const seed = checkedSeed(choice.ban);
  if (ban.length >= MAX_BANNED) {
    throw new RangeError(`audition: ${MAX_BANNED} takes are banned. Change the prompt instead.`);
  }
  return { lock: lock === seed ? null : lock, ban: [...new Set([...ban, seed])] };
}

/** @throws RangeError */
export function checkedSeed(seed: unknown): number {
  if (typeof seed === 'number' && Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)
    return seed;
  throw new RangeError(
    `audition: a seed must be a whole number from 0 to 4294967295, got ${JSON.stringify(seed)}. Take it from the page.`,
  );
}
