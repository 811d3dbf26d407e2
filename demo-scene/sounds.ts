/**
 * Which sounds the room makes: all of SceneFoley's API that a game needs is used here.
 *
 *   crates    a rule: impulse and materials of a collision fill the prompt
 *   door      an emitter, played when it opens and when it slams
 *   fire, rain, thunder   emitters; the first two loop
 *   prompts   an emitter on the gramophone's horn
 */
import type { Node } from '@babylonjs/core/node.js';
import type { PlayOptions } from '../plugin/emitter.ts';
import type { Foley } from '../plugin/foley.ts';
import type { SoundRequestInput } from '../runtime/contract.ts';
import { materialWords } from './room/tags.ts';
import type { World } from './room/world.ts';

const CRATE_PROMPT = '{intensity} impact of a {a.material} crate on {b.material}';
const CRATE = { duration: 0.8, takes: 2 } as const;

/** Everything that is asked for by name. Loops are as long as their clip. */
const NAMED = {
  doorSlam: { prompt: 'heavy wooden door slams in a stone hall', duration: 1.5 },
  doorCreak: { prompt: 'an old heavy wooden door creaks open', duration: 1.2 },
  fire: { prompt: 'a fireplace burns, crackling flames', duration: 4, loop: true },
  rain: { prompt: 'pouring rain outside', duration: 4, loop: true },
  thunder: { prompt: 'rolling thunder in the distance', duration: 3 },
} as const satisfies Record<string, SoundRequestInput>;

export interface Sounds {
  /** Prepares what will be heard soon, most likely first; resolves when all is there. */
  prepare(onProgress: (done: number, total: number) => void): Promise<void>;
  doorOpens(): void;
  doorSlams(): void;
  setFire(lit: boolean): void;
  setRain(falling: boolean): void;
  thunder(): void;
  /** Plays a prompt from the gramophone; what it played before stops. Loops end after one round. */
  playFromHorn(request: SoundRequestInput): Promise<void>;
  /** The request behind a sound that was heard, so that it can be played again. */
  requestOf(prompt: string, seed: number): SoundRequestInput;
}

export interface SoundsOptions {
  foley: Foley<Node>;
  world: World;
  /** Told in words when a sound could not be made. */
  onError: (error: unknown) => void;
}

export function createSounds({ foley, world, onError }: SoundsOptions): Sounds {
  const door = foley.emitter(world.door.mesh, { name: 'door', refDistance: 4 });
  const fire = foley.emitter(world.fire.mesh, { name: 'fire', refDistance: 4, volume: 0.7 });
  const window = foley.emitter(world.rain.mesh, { name: 'window', refDistance: 5, volume: 0.6 });
  const horn = foley.emitter(world.horn, { name: 'gramophone', refDistance: 6 });
  const asked = new Map<string, SoundRequestInput>();
  foley.addRule({
    when: ({ a }) => a.name.endsWith('crate'),
    prompt: CRATE_PROMPT,
    minImpulse: 0.4,
    cooldown: 0.12,
    volume: 1.6,
    ...CRATE,
  });

  const play = (emitter: typeof door, { prompt, ...options }: SoundRequestInput & PlayOptions) => {
    emitter.play(prompt, options).catch(onError);
  };

  return {
    doorOpens: () => play(door, NAMED.doorCreak),
    doorSlams: () => {
      door.stop();
      play(door, NAMED.doorSlam);
    },
    setFire: (lit) => (lit ? play(fire, NAMED.fire) : fire.stop()),
    setRain: (falling) => (falling ? play(window, NAMED.rain) : window.stop()),
    thunder: () => play(window, { ...NAMED.thunder, volume: 1.6 }),
    async prepare(onProgress) {
      const requests = [...Object.values(NAMED), ...crateRequests()];
      for (const [done, request] of requests.entries()) {
        onProgress(done, requests.length);
        await foley.prefetch([{ ...request, priority: -1 }]);
      }
      onProgress(requests.length, requests.length);
    },
    async playFromHorn({ prompt, ...options }) {
      asked.set(keyOf(prompt, options.seed), { prompt, ...options });
      horn.stop();
      const voice = await horn.play(prompt, options);
      if (!options.loop) return;
      setTimeout(() => voice.stop(0.3), 1000 * (options.duration ?? 1));
    },
    requestOf: (prompt, seed) => asked.get(keyOf(prompt, seed)) ?? known(prompt, seed),
  };
}

function keyOf(prompt: string, seed = 0): string {
  return `${seed} ${prompt}`;
}

function known(prompt: string, seed: number): SoundRequestInput {
  const named = Object.values(NAMED).find((request) => request.prompt === prompt);
  return named ?? { prompt, seed, duration: CRATE.duration };
}

/** The closed vocabulary of the crates' rule: every intensity, crate and surface; second takes come last. */
function crateRequests(): SoundRequestInput[] {
  const requests: SoundRequestInput[] = [];
  for (let seed = 0; seed < CRATE.takes; seed++) {
    for (const intensity of ['medium', 'hard', 'soft']) {
      for (const surface of materialWords) {
        for (const crate of materialWords) {
          const prompt = `${intensity} impact of a ${crate} crate on ${surface}`;
          requests.push({ prompt, seed, duration: CRATE.duration });
        }
      }
    }
  }
  return requests;
}
