/**
 * What a game does with its sound map: loads it, adds to it, and tells of events of its own.
 *
 *   setSounds(map) ──▶ checked (sound-map.ts, fetched then) ──▶ director: which sounds there are
 *   trigger, begin ──▶ SceneEvent ──▶ director
 *   play(name)     ──▶ director, which waits for the take
 */
import { throwIfAborted } from '../abort.ts';
import type { EngineAdapter, Unsubscribe } from '../adapter.ts';
import type { ActiveSound } from '../director/active-sound.ts';
import type { Director } from '../director.ts';
import type { Stage } from '../emitter/stage.ts';
import type { Mixer } from '../mixer.ts';
import { makeReady, type ReadyOptions } from '../prefetch/ready.ts';
import type { EventData, Point, SceneEvent } from '../scene-event.ts';
import type { SoundDefinition, SoundMap, TakeChoice } from '../sound-definition.ts';
import { noSuch } from '../sound-map/words.ts';
import type { SoundInput, SoundMapSource } from '../sound-map.ts';
import type { SoundName } from '../sound-names.ts';
import type { TakeLibrary } from '../takes.ts';
import type { Voice } from '../voices.ts';
import { createGameEvents, type Lasting } from './game-events.ts';

export type { Lasting } from './game-events.ts';

/** `undefined` means default. */
export interface PlaySoundOptions<N> {
  /** A node it follows, or a point; default at the ear. */
  at?: N | Point | undefined;
  /** What the prompt's slots look at first. */
  data?: EventData | undefined;
  /** Takes it back until it begins. */
  signal?: AbortSignal | undefined;
}

export interface AddSoundOptions {
  /** Which of the events it is bound to; default all. */
  when?: ((event: SceneEvent) => boolean) | undefined;
}

export interface FoleySounds<N> {
  /** The sound map, with what code added. */
  readonly sounds: SoundMap;
  /**
   * Other sounds from now on, while the game runs: what has not changed keeps its takes and goes on playing. An invalid map
   * is refused whole and the old one stays; of two loads at once the later one counts.
   * @param source address of a YAML or JSON file, what would stand in one, or a SoundMap
   * @throws SoundMapError telling file, line and field; AbortError when disposed or overtaken
   */
  setSounds(source: SoundMapSource): Promise<void>;
  /**
   * One more sound, with all that a sound map can say of it; stays when the map changes.
   * @returns takes it back.
   * @throws SoundMapError telling what is wrong; RangeError for a name that is taken; AbortError when disposed
   */
  addSound(name: string, sound: SoundInput, options?: AddSoundOptions): Promise<Unsubscribe>;
  /** Something happened once: sounds bound to that event are heard, at a node, a point, or the ear. */
  trigger(name: string, data?: EventData, at?: N | Point): void;
  /** Something begins and lasts until you `end` it. */
  begin(name: string, data?: EventData, at?: N | Point): Lasting;
  /**
   * A sound of the map by its name, whatever it is bound to; waits for its take.
   * @returns the voice once it begins; a loop plays until you stop it.
   * @throws RangeError for an unknown name, with those that are near; AbortError; the runtime's errors
   */
  play(sound: SoundName, options?: PlaySoundOptions<N>): Promise<Voice>;
  /**
   * Makes the first take of every prompt that the scene can need, or that a zone of the sound map can, for a loading screen.
   * Prompts that only the game's own data decide are known where their slots have lists of values.
   * @throws AbortError; RangeError for an unknown zone. What cannot be made counts as done, with one warning.
   */
  ready(zone?: string, options?: ReadyOptions): Promise<void>;
  /** Only this take of a sound plays from now on; null: all of its pool. @throws RangeError for an unknown name or bad seed */
  lock(sound: SoundName, seed: number | null): void;
  /** This take never plays again; another one takes its place. @throws likewise */
  ban(sound: SoundName, seed: number): void;
  /**
   * The player's part of a bus's volume, times the sound map's.
   * @param volume linear, 0 to 100
   * @throws RangeError for an unknown bus or a bad volume
   */
  setBusVolume(bus: string, volume: number): void;
}

export interface FoleySoundsParts<N> {
  adapter: EngineAdapter<N>;
  director: Director;
  takes: TakeLibrary;
  mixer: Mixer<N>;
  stage: Stage;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  /** Other sounds, or other takes of a sound. */
  onChange: () => void;
  warn: (message: string) => void;
}

export const NO_SOUNDS: SoundMap = {
  source: '',
  sounds: new Map(),
  buses: new Map([['main', { name: 'main', volume: 1, parent: null, duck: null }]]),
  zones: new Map(),
  space: { occlusion: false, reverb: false, doppler: 0 },
};

/** Seeds that one sound may have banned. */
const MAX_BANNED = 1024;

export function createFoleySounds<N>(parts: FoleySoundsParts<N>): FoleySounds<N> {
  const { adapter, director, mixer, stage, signal } = parts;
  const { sounds } = director;
  const gameEvents = createGameEvents(adapter, (event) => director.handle(event));
  let map = NO_SOUNDS;
  let loading = new AbortController();

  async function setSounds(source: SoundMapSource): Promise<void> {
    loading.abort();
    loading = new AbortController();
    const stop = AbortSignal.any([signal, loading.signal]);
    const next = await loadMap(source, stop, parts.warn);
    throwIfAborted(stop, 'foley.setSounds');
    sounds.setMap(next.sounds.values(), () => {
      const { buses, zones, space } = next;
      mixer.define({ buses: buses.values(), zones: zones.values(), space });
      stage.define(next.space);
    });
    map = next;
    parts.onChange();
  }

  const readyParts = { ...parts, sounds: director.prepared, map: () => map };

  function combined(): SoundMap {
    return { ...map, sounds: new Map(definitions(sounds.all)) };
  }

  function chooseTakes(sound: ActiveSound, takes: TakeChoice): void {
    director.chooseTakes(sound, takes);
    parts.onChange();
  }

  function named(name: string): ActiveSound {
    const sound = sounds.named(name);
    if (sound !== undefined) return sound;
    throw new RangeError(`foley: ${noSuch('sound', name, namesOf(sounds.all))}`);
  }

  return {
    get sounds() {
      return combined();
    },
    setSounds,
    async addSound(name, sound, { when } = {}) {
      const { completeSound } = await checker();
      throwIfAborted(signal, 'foley.addSound');
      const remove = sounds.add(completeSound(name, sound, combined()), when);
      parts.onChange();
      return remove;
    },
    trigger: (name, data, at) => director.handle(gameEvents.once(name, data, at)),
    begin: gameEvents.begin,
    async play(name, { at, data, signal: stop } = {}) {
      const sound = named(name);
      const event: SceneEvent = gameEvents.once(name, data, at);
      return director.play(sound, event, stop);
    },
    ready: (zone, options = {}) => makeReady(readyParts, zone, options),
    setBusVolume: (bus, volume) => mixer.setBusVolume(bus, volume),
    lock(name, seed) {
      const sound = named(name);
      const { ban } = sound.definition.takes;
      chooseTakes(sound, { lock: seed === null ? null : checkSeed(seed), ban });
    },
    ban(name, seed) {
      const sound = named(name);
      const { lock, ban } = sound.definition.takes;
      const heard = parts.takes.seedsHeardAs(name, checkSeed(seed));
      const banned = [...new Set([...ban, ...heard])].slice(-MAX_BANNED);
      const isBanned = lock !== null && heard.includes(lock);
      chooseTakes(sound, { lock: isBanned ? null : lock, ban: banned });
    },
  };
}

/** Begins to fetch what `setSounds` will check the map with, for whoever has other things to make first. */
export function fetchChecker(source: SoundMapSource): void {
  if (!isComplete(source)) checker().catch(() => {}); // setSounds says why
}

function* definitions(sounds: Iterable<ActiveSound>): Iterable<[string, SoundDefinition]> {
  for (const { definition } of sounds) yield [definition.name, definition];
}

/** What checks sound maps is heavy: it is fetched when there is one to check. */
function checker(): Promise<typeof import('../sound-map.ts')> {
  return import('../sound-map.ts');
}

async function loadMap(
  source: SoundMapSource,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<SoundMap> {
  if (isComplete(source)) return source;
  const { loadSoundMap } = await checker();
  return loadSoundMap(source, { signal, logger: { warn } });
}

function isComplete(source: SoundMapSource): source is SoundMap {
  return typeof source === 'object' && 'sounds' in source && source.sounds instanceof Map;
}

function namesOf(sounds: Iterable<ActiveSound>): string[] {
  return [...sounds].map(({ given }) => given.name);
}

function checkSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
  throw new RangeError(
    `foley: seed must be a whole number from 0 to 4294967295, got ${seed}. Take it from a take.`,
  );
}
