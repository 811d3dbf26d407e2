/** A player whose packs are known: tests ask what was unpacked, and hold back or damage what they like. */
import { takeKey } from '../../plugin/takes/take-key.ts';
import type { SoundRequestInput, Take } from '../../runtime/contract.ts';
import type { Player } from '../../runtime/player.ts';
import { pulse, takeOf } from './fake-runtime.ts';

export interface FakePlayer extends Player {
  /** What was taken, in order. */
  readonly taken: SoundRequestInput[];
  loads: number;
  disposed: number;
}

export interface FakePlayerOptions {
  /** What lies in the packs; default everything. */
  holds?: (request: SoundRequestInput) => boolean;
  /** Resolves when the packs are open, for each time that it is tried; default at once. */
  opened?: Promise<void> | (() => Promise<void>);
  /** Resolves when a sound may be given; default at once. */
  gate?: (request: SoundRequestInput) => Promise<void>;
  /** What `sounds` tells of them. */
  sounds?: Player['sounds'];
  /** Of the take that answers; default the one that was asked for. */
  seedOf?: (request: SoundRequestInput) => number;
  pcm?: (request: SoundRequestInput) => Float32Array;
}

export function createFakePlayer(options: FakePlayerOptions = {}): FakePlayer {
  const { holds = () => true, opened = Promise.resolve(), gate = async () => {} } = options;
  const { pcm = ({ seed = 0 }) => pulse(seed), seedOf = ({ seed = 0 }) => seed } = options;
  const taken: SoundRequestInput[] = [];
  let isOpen = false;
  return {
    taken,
    loads: 0,
    disposed: 0,
    sounds: options.sounds ?? [],
    has: (request) => isOpen && holds(request),
    async load() {
      this.loads += 1;
      await (typeof opened === 'function' ? opened() : opened);
      isOpen = true;
      return { sampleRate: 48000, packs: [], failed: [] };
    },
    async take(request): Promise<Take> {
      if (!holds(request))
        throw new RangeError(`fake-player: no "${request.prompt}". Nearest: door`);
      taken.push(request);
      await gate(request);
      const seed = seedOf(request);
      return { ...takeOf({ ...request, seed }, pcm(request), 48000), source: 'baked' };
    },
    async dispose() {
      this.disposed += 1;
    },
  };
}

/** A pack of those requests alone. */
export function holding(...requests: SoundRequestInput[]): (request: SoundRequestInput) => boolean {
  const keys = new Set(requests.map(takeKey));
  return (request) => keys.has(takeKey(request));
}
