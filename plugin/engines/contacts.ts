/**
 * Physics engines tell of a collision contact point by contact point and step by step; the ear hears one hit.
 *
 *   step 26  began      0.09 0.06 0.25 0.17      four corners, still 7 cm above the floor: the solver looks ahead
 *   step 27  continues  1.13 1.19 3.13 3.26  ──▶ one event of 8.6 N·s (a 2 kg crate that fell a metre)
 *   step 28  continues  0.04 0.04 0.12 0.12      its weight: not heard
 *
 * A hit is the impulse of two steps, less the weight. It opens when a contact begins, and when the impulse of a lasting
 * one leaps: a crate that lands on a corner and then falls flat is heard twice. Measured with Havok 1.3.14.
 */
import type { Point, SceneEvent, SceneObject } from '../scene-event.ts';

/** One contact point in one step; read at once, but for `describe`. */
export interface Contact {
  /** The pair of bodies. */
  key: string;
  /** The pair has just come together. */
  began: boolean;
  /** null: unknown. */
  point: Point | null;
  /** N·s, ≥ 0. */
  impulse: number;
  /** Asked once for each hit. */
  describe: () => { a: SceneObject; b: SceneObject; point: Point };
  /** The impulse a step that holds the moving body up, N·s; asked once for each pair. */
  weight: () => number;
}

export interface Contacts {
  add(contact: Contact): void;
  /** A step is over: tells of the hits that are complete. */
  step(): void;
}

/** Steps that make up a hit: the solver spreads it over two. */
const HIT_STEPS = 2;
/** An impulse is a leap when it is so many times the level of late, and more than LEAST_LEAP N·s. */
const LEAP = 4;
const LEAST_LEAP = 0.3;
/** How much of its level a contact keeps from one step to the next: after a hit, a leap is a leap again in 0.2 s. */
const LEVEL_DECAY = 0.8;
/** Steps without news after which a pair is forgotten. */
const MAX_IDLE = 30;
/** Pairs kept; of more, no one would hear the single hit. */
const MOST_PAIRS = 2000;

interface Pair {
  readonly weight: number;
  describe: Contact['describe'];
  began: boolean;
  /** Impulse of this step. */
  impulse: number;
  /** Impulse of the steps before, decaying. */
  level: number;
  hit: Hit | null;
  idle: number;
}

interface Hit {
  impulse: number;
  steps: number;
  /** Where the strongest contact point was. */
  strongest: number;
  point: Point | null;
}

export function createContacts(emit: (event: SceneEvent) => void): Contacts {
  const pairs = new Map<string, Pair>();

  function finish(pair: Pair, { impulse, point }: Hit): void {
    const described = pair.describe();
    emit({ kind: 'collision', ...described, point: point ?? described.point, impulse });
  }

  return {
    add(contact) {
      let pair = pairs.get(contact.key);
      if (pair === undefined) {
        if (pairs.size >= MOST_PAIRS) return;
        pair = createPair(contact);
        pairs.set(contact.key, pair);
      }
      pair.began ||= contact.began;
      pair.impulse += contact.impulse;
      pair.describe = contact.describe;
      pair.idle = 0;
      if (pair.began) pair.hit ??= createHit();
      if (pair.hit !== null) locate(pair.hit, contact);
    },
    step() {
      for (const [key, pair] of pairs) {
        const complete = advance(pair);
        if (complete !== null) finish(pair, complete);
        pair.idle += 1;
        if (pair.idle > MAX_IDLE) pairs.delete(key);
      }
    },
  };
}

/** @returns the hit that this step completes. */
function advance(pair: Pair): Hit | null {
  const impulse = Math.max(0, pair.impulse - pair.weight);
  if (impulse > Math.max(LEAST_LEAP, LEAP * pair.level)) pair.hit ??= createHit();
  pair.level = Math.max(impulse, pair.level * LEVEL_DECAY);
  pair.impulse = 0;
  pair.began = false;
  const { hit } = pair;
  if (hit === null) return null;
  hit.impulse += impulse;
  if (hit.impulse > 0) hit.steps += 1; // the solver may look ahead for longer than a step
  if (hit.steps < HIT_STEPS) return null;
  pair.hit = null;
  return hit;
}

function locate(hit: Hit, { impulse, point }: Contact): void {
  if (point === null || impulse < hit.strongest) return;
  hit.strongest = impulse;
  hit.point = { x: point.x, y: point.y, z: point.z };
}

function createPair({ describe, weight }: Contact): Pair {
  return { weight: weight(), describe, began: false, impulse: 0, level: 0, hit: null, idle: 0 };
}

function createHit(): Hit {
  return { impulse: 0, steps: 0, strongest: -1, point: null };
}
