/**
 * Stage: where the sounds of a map are heard.
 *
 *   start, stream   what happens once, at a point       ──▶ a pool of emitters for each way to sound in space
 *   open            what lasts, at a node it follows    ──▶ an emitter of its own
 *
 * Sounds of one attenuation on one bus share emitters, made when the map is loaded: no sound waits for an engine to make one.
 */
import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import type { EngineAdapter } from '../adapter.ts';
import type { SoundPlace } from '../mixer/sound-place.ts';
import type { Mixer } from '../mixer.ts';
import type { SoundDefinition, SpaceOptions } from '../sound-definition.ts';
import type { Playable } from '../takes.ts';
import type { StreamVoice, Voice, Voices } from '../voices.ts';
import { createOutlet, type Outlet, type OutletRequest } from './outlet.ts';
import { createPointEmitters, type PointEmitters } from './point-emitters.ts';

export interface Stage {
  /** null when every emitter is busy with something that counts more, or not made yet. */
  start(sound: SoundDefinition, playable: Playable, request: OutletRequest): Voice | null;
  /** Likewise, see Outlet. */
  stream(
    sound: SoundDefinition,
    parts: SoundPart[],
    wait: Seconds,
    request: OutletRequest,
  ): StreamVoice | null;
  /**
   * An emitter of its own, for you to dispose.
   * @param nodeId followed if there is such a node
   * @param onGone the node was disposed
   */
  open(sound: SoundDefinition, nodeId: string, onGone: () => void): Opened;
  /** Resolves when all can be heard that are in use; never rejects. */
  readonly ready: Promise<unknown>;
  /** Likewise, when one emitter of those that `start` and `stream` look for is there. */
  readyFor(sound: SoundDefinition): Promise<unknown>;
  /** These sounds are in use from now on, and no others. */
  use(sounds: Iterable<SoundDefinition>): void;
  /** What the space does to every sound, for emitters to come: those that are there are made anew by the next `use`. */
  define(space: SpaceOptions): void;
  dispose(): void;
}

export interface Opened {
  outlet: Outlet;
  /** Whether it follows the node; else it is where its voices say. */
  follows: boolean;
}

export interface StageParts<N> {
  adapter: EngineAdapter<N>;
  mixer: Mixer<N>;
  voices: Voices;
  maxVoices: number;
  warn: (message: string) => void;
}

/** Emitters of one way to sound in space: more contacts at once are a noise anyway. */
const MAX_POINTS = 16;

export function createStage<N>({ adapter, mixer, ...parts }: StageParts<N>): Stage {
  const { voices, maxVoices, warn } = parts;
  let space = '';
  const pools = new Map<string, PointEmitters>();
  const onFailed = (error: unknown) =>
    warn(`foley: no emitter for contacts could be made. ${String(error)}`);

  function createPool(sound: SoundDefinition): PointEmitters {
    const create = () => createPlace(sound, 'contact', null);
    return createPointEmitters({ count: 0, create, voices, now: adapter.now, onFailed });
  }

  function createPlace(
    { attenuation, bus, reverb, occlusion }: SoundDefinition,
    name: string,
    node: N | null,
    onNodeGone?: () => void,
  ): SoundPlace {
    return mixer.createPlace({ name, node, attenuation, bus, reverb, occlusion, onNodeGone });
  }

  /** What sounds must have in common to share an emitter. */
  const wayOf = (sound: SoundDefinition) => space + ownWayOf(sound);

  return {
    start: (sound, playable, request) => pools.get(wayOf(sound))?.start(playable, request) ?? null,
    stream: (sound, parts, wait, request) =>
      pools.get(wayOf(sound))?.stream(parts, wait, request) ?? null,
    open(sound, nodeId, onGone) {
      const node = nodeId === '' ? null : adapter.find(nodeId);
      const outlet = createOutlet(createPlace(sound, sound.name, node, onGone), voices);
      return { outlet, follows: node !== null };
    },
    get ready() {
      return Promise.all([...pools.values()].map((pool) => pool.ready));
    },
    readyFor: async (sound) => pools.get(wayOf(sound))?.anyReady,
    use(sounds) {
      const wanted = new Map<string, { sound: SoundDefinition; count: number }>();
      for (const sound of sounds) {
        const { count = 0 } = wanted.get(wayOf(sound)) ?? {};
        wanted.set(wayOf(sound), { sound, count: count + sound.voices.max });
      }
      for (const [way, pool] of pools) if (!wanted.has(way)) retire(way, pool);
      for (const [way, { sound, count }] of wanted) {
        const pool = pools.get(way) ?? createPool(sound);
        pools.set(way, pool);
        pool.grow(Math.min(MAX_POINTS, maxVoices, count));
      }
    },
    define(options) {
      space = JSON.stringify(options);
    },
    dispose() {
      for (const [way, pool] of pools) retire(way, pool);
    },
  };

  function retire(way: string, pool: PointEmitters): void {
    pools.delete(way);
    pool.dispose();
  }
}

const ways = new WeakMap<SoundDefinition, string>();

function ownWayOf(sound: SoundDefinition): string {
  const known = ways.get(sound);
  if (known !== undefined) return known;
  const { attenuation, bus, reverb, occlusion } = sound;
  const way = JSON.stringify([attenuation, bus, reverb, occlusion]);
  ways.set(sound, way);
  return way;
}
