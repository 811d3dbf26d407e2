/**
 * `audition`: a page on this machine to hear takes, see them, and choose.
 *
 *   browser ── local-server.ts ──▶ take-room.ts   a take, made now, as WAV
 *                              └─▶ sound-file.ts  the sound map, and choices written into it
 *
 * audition/page/ is the page; what it asks for is in audition/contract.ts.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SoundRequestInput } from '../runtime/contract.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import type { Choice } from './audition/contract.ts';
import { listingOf } from './audition/listing.ts';
import {
  answerJson,
  type Exchange,
  type Routes,
  startLocalServer,
} from './audition/local-server.ts';
import { checkedSeed, openSoundFile, type SoundFile } from './audition/sound-file.ts';
import { openTakeRoom, type TakeRoom, type TakeRoomSettings } from './audition/take-room.ts';

export interface AuditionOptions extends TakeRoomSettings {
  /** Path of the sound map. */
  soundMap: string;
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Folder of the built page; default: where the package has it. */
  page?: string | undefined;
  logger?: Logger | undefined;
}

export interface Audition {
  /** Of the page. */
  readonly url: string;
  /** Everything stops. Idempotent. */
  dispose(): Promise<void>;
}

/** Beside the command, where it is built. */
const PAGE = new URL('./audition/', import.meta.url);
const PAGE_FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/main.js': ['main.js', 'text/javascript; charset=utf-8'],
} as const;

/** @throws Error where the sound map, the model or the port is not to be had. */
export async function startAudition(options: AuditionOptions): Promise<Audition> {
  const { page = fileURLToPath(PAGE), port, logger = silentLogger } = options;
  const file = await openSoundFile(options.soundMap);
  let room: TakeRoom | undefined;
  try {
    room = await openTakeRoom(options, logger);
    const server = await startLocalServer(routesOf(file, room, page), port);
    const disposal = onceOnly(server.dispose, room.dispose, file.dispose);
    return { url: server.url, dispose: disposal };
  } catch (error) {
    await room?.dispose();
    file.dispose();
    throw error;
  }
}

function onceOnly(...steps: (() => void | Promise<void>)[]): () => Promise<void> {
  let disposal: Promise<void> | undefined;
  const run = async () => {
    for (const step of steps) await step();
  };
  return () => {
    disposal ??= run();
    return disposal;
  };
}

function routesOf(file: SoundFile, room: TakeRoom, page: string): Routes {
  return {
    ...pageRoutes(page),
    'GET /sounds': ({ response }) =>
      answerJson(response, listingOf(file.name, file.map, file.problems)),
    'GET /take.wav': (exchange) => answerTake(file, room, exchange),
    'GET /changes': (exchange) => tellChanges(file, exchange),
    'POST /choice': async ({ body, response }) => {
      await file.choose(choiceOf(body));
      response.writeHead(204).end();
    },
  };
}

function pageRoutes(page: string): Routes {
  const routes = Object.entries(PAGE_FILES).map(([path, [name, type]]) => {
    const handler = async ({ response }: Exchange) => {
      const bytes = await readFile(join(page, name));
      response.writeHead(200, { 'Content-Type': type }).end(bytes);
    };
    return [`GET ${path}`, handler] as const;
  });
  return Object.fromEntries(routes);
}

async function answerTake(file: SoundFile, room: TakeRoom, exchange: Exchange): Promise<void> {
  const { query, response, signal } = exchange;
  const { wav, facts } = await room.make(requestOf(file, query), signal);
  response
    .writeHead(200, { 'Content-Type': 'audio/wav', 'X-Take': JSON.stringify(facts) })
    .end(wav);
}

/** @throws RangeError for a sound that the map has not. */
function requestOf(file: SoundFile, query: URLSearchParams): SoundRequestInput {
  const name = query.get('sound') ?? '';
  const sound = file.map?.sounds.get(name);
  if (sound === undefined) {
    throw new RangeError(
      `audition: there is no sound ${JSON.stringify(name)}. Load the page anew.`,
    );
  }
  const { duration, loop } = sound;
  const seed = checkedSeed(Number(query.get('seed') ?? Number.NaN));
  return { prompt: query.get('prompt') ?? '', seed, duration, loop };
}

/** Server-sent events, until the browser goes. */
function tellChanges(file: SoundFile, { response, signal }: Exchange): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': here\n\n');
  const stop = file.onChange(() => response.write('event: sounds\ndata:\n\n'));
  signal.addEventListener('abort', stop, { once: true });
}

/** @throws RangeError */
function choiceOf(body: unknown): Choice {
  const { sound, lock, ban, allow } = (body ?? {}) as Record<string, unknown>;
  if (typeof sound !== 'string') throw new RangeError('audition: a choice names its sound.');
  if (lock !== undefined) return { sound, lock: lock === null ? null : checkedSeed(lock) };
  if (ban !== undefined) return { sound, ban: checkedSeed(ban) };
  return { sound, allow: checkedSeed(allow) };
}
