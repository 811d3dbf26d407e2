/**
 * One bake in a folder at a time: a file says who has it.
 *
 *   { pid, host, since, id }      written by the holder, touched every few seconds, removed at the end
 *
 *   held by a living process             FolderHeldError: who, where, since when
 *   its process is dead, or has not been touched for minutes (another machine's)      taken over
 *
 * A holder that stood still for minutes (Ctrl+Z, a laptop's lid) asks before each change whether the folder is still its own.
 * Whoever takes over does so under a second file, so that of two that find a dead holder one gets the folder.
 */
import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { codeOf, writeTrouble } from '../files/file-trouble.ts';
import { ensureFolder } from '../files/whole-file.ts';

export interface Holder {
  pid: number;
  host: string;
  /** ISO 8601. */
  since: string;
}

export interface FolderLock {
  /** @throws FolderLostError where another bake has taken the folder over, or had it meanwhile */
  throwIfLost(): Promise<void>;
  /** Idempotent. */
  release(): Promise<void>;
}

/** Another bake has the folder. */
export class FolderHeldError extends Error {
  override readonly name = 'FolderHeldError';
  readonly holder: Holder;

  constructor(folder: string, holder: Holder) {
    const { pid, host, since } = holder;
    super(
      `bake: ${folder} is held by another bake: process ${pid} on ${host}, since ${since}. Wait for it, or end it.`,
    );
    this.holder = holder;
  }
}

/** Another bake took the folder over while this one stood still. */
export class FolderLostError extends Error {
  override readonly name = 'FolderLostError';

  /** @param holder undefined: it has ended, too */
  constructor(folder: string, holder: Holder | undefined) {
    const who = holder
      ? `process ${holder.pid} on ${holder.host}, since ${holder.since}`
      : 'it has ended, or somebody removed the lock';
    super(
      `bake: ${folder} is no longer this bake's: another may have taken it over while this one stood still (${who}). ` +
        'Nothing more is written: bake again when nobody else does.',
    );
  }
}

export interface LockOptions {
  /** For tests. */
  pid?: number;
  host?: string;
  now?: () => number;
  /** When this process began: an older file with its number is of another that had it before. */
  began?: number;
  isAlive?: (pid: number) => boolean;
  link?: typeof link;
  open?: typeof open;
}

const TOUCH_MS = 5_000;
/** A holder that lives touches its file far more often. */
export const DEAD_AFTER_MS = 120_000;
/** What a drive says that has no links (exFAT, many a network's); EISDIR is Windows' word for it. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EISDIR'];

/**
 * @param path of the lock file
 * @param folder what is locked, for messages
 * @throws FolderHeldError, and Error where the file cannot be written
 */
export async function lockFolder(
  path: string,
  folder: string,
  options: LockOptions = {},
): Promise<FolderLock> {
  const here = { pid: process.pid, host: hostname(), began: performance.timeOrigin };
  const who = { ...here, now: Date.now, isAlive, link, open, ...options };
  const { pid, host, now } = who;
  // The id: no other has the same text, and whoever finds its own has the folder.
  const since = new Date(now()).toISOString();
  const text = JSON.stringify({ pid, host, since, id: randomUUID() });
  await ensureFolder(dirname(path));
  if (!(await createdOnly(path, text, who))) await takeOver(path, folder, text, who);
  return heldLock(path, folder, text, now);
}

function heldLock(path: string, folder: string, text: string, now: () => number): FolderLock {
  const touch = async () => {
    if ((await textOf(path)) === text) await utimes(path, now() / 1000, now() / 1000);
  };
  const timer = setInterval(() => void touch().catch(() => {}), TOUCH_MS);
  timer.unref();
  let isHeld = true;
  return {
    async throwIfLost() {
      const found = await textOf(path);
      if (found === text) return;
      throw new FolderLostError(folder, found === undefined ? undefined : await holderOf(path));
    },
    async release() {
      if (!isHeld) return;
      isHeld = false;
      clearInterval(timer);
      const found = await textOf(path).catch(() => undefined);
      if (found === text) await rm(path, { force: true });
    },
  };
}

/** @returns undefined where there is no such file */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(
      `bake: the lock ${path} cannot be read: ${messageOf(error)}. Bake again: what was made is kept.`,
      { cause: error },
    );
  }
}

type Who = Required<LockOptions>;

async function takeOver(path: string, folder: string, text: string, who: Who): Promise<void> {
  await throwIfAlive(path, folder, who);
  const door = `${path}-takeover`;
  const age = await ageOf(door, who);
  // A door that is not there may be another's a moment later: only an old one is opened.
  if (age !== undefined && age > DEAD_AFTER_MS) await rm(door, { force: true });
  if (!(await createdOnly(door, text, who)))
    throw new FolderHeldError(folder, await holderOf(door));
  try {
    // Another may have come in before the door was shut.
    if (await throwIfAlive(path, folder, who)) await rm(path, { force: true });
    if (!(await createdOnly(path, text, who)))
      throw new FolderHeldError(folder, await holderOf(path));
  } finally {
    await rm(door, { force: true });
  }
}

/** @returns whether there is a file, of a dead holder; of none it is not asked again who may have come since */
async function throwIfAlive(path: string, folder: string, who: Who): Promise<boolean> {
  const age = await ageOf(path, who);
  if (age === undefined) return false;
  const holder = await holderOf(path);
  if (!isDead(holder, who) && age <= DEAD_AFTER_MS) throw new FolderHeldError(folder, holder);
  return true;
}

/** False where that cannot be told. */
function isDead({ pid, host, since }: Holder, who: Who): boolean {
  if (host !== who.host) return false;
  return pid === who.pid ? Date.parse(since) < who.began : !who.isAlive(pid);
}

/** @returns undefined where there is no such file. */
async function ageOf(path: string, { now }: Who): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && now() - found.mtimeMs;
}

/** Of a file that is just being written nobody knows more. */
async function holderOf(path: string): Promise<Holder> {
  const unknown = { pid: 0, host: 'an unknown host', since: 'just now' };
  try {
    const { pid, host, since } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return { pid: pid ?? 0, host: host ?? unknown.host, since: since ?? unknown.since };
  } catch {
    return unknown;
  }
}

/** With its text from the first moment on, where the drive can link files. @returns false where another's file is there already */
async function createdOnly(path: string, text: string, who: Who): Promise<boolean> {
  const draft = `${path}-${randomUUID()}`;
  try {
    await writeFile(draft, text);
    await who.link(draft, path).catch((error) => {
      if (!NO_LINKS.includes(codeOf(error) ?? '')) throw error;
      return writeOnly(path, text, who);
    });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw writeTrouble(path, error);
    // A network that loses the answer asks again, and finds the file that it has just made.
    return (await textOf(path).catch(() => undefined)) === text;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A new file, whole or not at all: an empty lock would be held by nobody. */
async function writeOnly(path: string, text: string, who: Who): Promise<void> {
  const file = await who.open(path, 'wx');
  try {
    await file.writeFile(text).finally(() => file.close());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
