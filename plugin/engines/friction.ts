/**
 * Scraping and rolling: bodies that stay in touch and move along each other, as engines tell it, step by step.
 *
 *   slip    speed of the two surfaces at the contact point      a crate on a ramp    slip 2, travel 2  ──▶ 'scrape'
 *   travel  speed of one body's centre along the other          a ball               slip 0, travel 2  ──▶ 'roll'
 *                                                               a crate at rest      slip 0, travel 0  ──▶ nothing
 *
 * Something begins once it has gone on for some steps, above a least speed; it ends below half of that, or when the touch
 * is lost. Its speed is smoothed and told again when it has changed by a tenth, every third step at most.
 */
import type { Topic } from '../event-binding.ts';
import type { Point, SceneEvent, SceneObject } from '../scene-event.ts';
import type { Lasting } from './lasting.ts';

/** How a body moves, in metres and radians a second. */
export interface Motion {
  linear: Point;
  angular: Point;
  /** Of its mass, in the world. */
  center: Point;
}

/** One contact point in one step; read at once, never kept. */
export interface Rub {
  /** The pair of bodies. */
  key: string;
  point: Point;
  /** Of the surface there, unit length. */
  normal: Point;
  /** N·s; of a step's points the strongest counts. */
  impulse: number;
  /** Asked once for each pair. */
  describe: () => { a: SceneObject; b: SceneObject };
  /** Asked once a step; null: one of the two is gone. */
  motions: () => { a: Motion; b: Motion } | null;
}

export interface Friction {
  add(rub: Rub): void;
  /** A step is over. */
  step(): void;
  /** Forgets all pairs; what lasts goes on lasting. */
  clear(): void;
}

/** Metres a second, both. */
const BEGIN_SPEED = 0.15;
const END_SPEED = 0.07;
/** Steps before it begins, or changes from scraping to rolling: what is shorter is a hit. */
const BEGIN_STEPS = 5;
/** Steps without touch before it ends: a crate that rattles down a ramp scrapes all the way. */
const LOST_STEPS = 6;
/** How much of a new speed is taken over in a step. */
const SMOOTHING = 0.25;
const LEAST_CHANGE = 0.1;
const CHANGE_STEPS = 3;
/** Rolling: the surfaces slip less than this share of the travel; and until they slip more than the second. */
const ROLL_BELOW = 0.2;
const ROLL_UNTIL = 0.4;
/** Pairs kept; in touch, few of them move. */
const MOST_PAIRS = 1000;
/** Steps without news after which a pair is forgotten. */
const MAX_IDLE = 30;

const MODES = ['scrape', 'roll'] as const;
type Mode = (typeof MODES)[number];

interface Pair {
  readonly a: SceneObject;
  readonly b: SceneObject;
  readonly wanted: ReadonlySet<Mode>;
  /** Of this step; −1: no touch. */
  strongest: number;
  point: Point;
  normal: Point;
  motions: Rub['motions'];
  idle: number;
  /** What lasts now. */
  mode: Mode | null;
  /** What would last instead, and for how many steps. */
  next: Mode | null;
  steps: number;
  speed: number;
  told: number;
  sinceTold: number;
}

export function createFriction(
  lasting: Lasting,
  isWanted: (topic: Topic) => boolean,
  watchNodes: (a: SceneObject, b: SceneObject) => Parameters<Lasting['begin']>[1],
): Friction {
  const pairs = new Map<string, Pair>();

  function eventOf({ a, b, point, speed, mode }: Pair): SceneEvent {
    return { kind: 'contact', name: mode ?? '', a, b, point: { ...point }, impulse: 0, speed };
  }

  function become(pair: Pair, mode: Mode | null): void {
    if (pair.mode !== null) lasting.end(eventOf(pair));
    pair.mode = mode;
    pair.next = null;
    pair.steps = 0;
    pair.told = pair.speed;
    pair.sinceTold = 0;
    if (mode !== null && pair.wanted.has(mode))
      lasting.begin(eventOf(pair), watchNodes(pair.a, pair.b));
  }

  function tellChange(pair: Pair): void {
    pair.sinceTold += 1;
    const change = Math.abs(pair.speed - pair.told);
    if (pair.sinceTold < CHANGE_STEPS || change < LEAST_CHANGE * pair.told) return;
    pair.told = pair.speed;
    pair.sinceTold = 0;
    lasting.change(eventOf(pair));
  }

  function advance(pair: Pair): void {
    const { mode, speed } = measure(pair);
    pair.speed += SMOOTHING * (speed - pair.speed);
    if (pair.mode !== null && (pair.idle >= LOST_STEPS || pair.speed < END_SPEED)) {
      become(pair, null);
    }
    if (mode !== null && mode !== pair.mode && speed >= BEGIN_SPEED) {
      pair.steps = mode === pair.next ? pair.steps + 1 : 1;
      pair.next = mode;
    } else if (pair.strongest >= 0) {
      pair.steps = 0;
    }
    if (pair.steps >= BEGIN_STEPS) become(pair, pair.next);
    else if (pair.mode !== null) tellChange(pair);
  }

  return {
    add(rub) {
      let pair = pairs.get(rub.key);
      if (pair === undefined) {
        if (pairs.size >= MOST_PAIRS) return;
        pair = createPair(rub, isWanted);
        pairs.set(rub.key, pair);
      }
      pair.idle = 0;
      if (pair.wanted.size === 0 || rub.impulse <= pair.strongest) return;
      pair.strongest = Math.max(0, rub.impulse);
      copyTo(pair.point, rub.point);
      copyTo(pair.normal, rub.normal);
      pair.motions = rub.motions;
    },
    step() {
      for (const [key, pair] of pairs) {
        if (pair.wanted.size > 0) advance(pair);
        pair.strongest = -1;
        pair.idle += 1;
        if (pair.idle > MAX_IDLE) pairs.delete(key);
      }
    },
    clear: () => pairs.clear(),
  };
}

/** What a step was: nothing where there was no touch. */
function measure(pair: Pair): { mode: Mode | null; speed: number } {
  const motions = pair.strongest < 0 ? null : pair.motions();
  if (motions === null) return { mode: null, speed: pair.strongest < 0 ? pair.speed : 0 };
  const { slip, travel } = slide(motions.a, motions.b, pair.point, pair.normal);
  const limit = pair.mode === 'roll' ? ROLL_UNTIL : ROLL_BELOW;
  return slip < limit * travel ? { mode: 'roll', speed: travel } : { mode: 'scrape', speed: slip };
}

/**
 * Metres a second along the surface: of the two surfaces where they touch, and of the two bodies as wholes.
 * @param normal unit length
 */
export function slide(a: Motion, b: Motion, point: Point, normal: Point) {
  const slip = tangential(difference(velocityAt(a, point), velocityAt(b, point)), normal);
  const travel = tangential(difference(a.linear, b.linear), normal);
  return { slip, travel };
}

/** linear + angular × (point − center) */
function velocityAt({ linear, angular, center }: Motion, point: Point): Point {
  const arm = difference(point, center);
  return {
    x: linear.x + angular.y * arm.z - angular.z * arm.y,
    y: linear.y + angular.z * arm.x - angular.x * arm.z,
    z: linear.z + angular.x * arm.y - angular.y * arm.x,
  };
}

function difference(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

function tangential(velocity: Point, normal: Point): number {
  const across = velocity.x * normal.x + velocity.y * normal.y + velocity.z * normal.z;
  const squared = velocity.x ** 2 + velocity.y ** 2 + velocity.z ** 2 - across ** 2;
  return Math.sqrt(Math.max(0, squared));
}

function copyTo(to: Point, { x, y, z }: Point): void {
  to.x = x;
  to.y = y;
  to.z = z;
}

function createPair({ describe, motions }: Rub, isWanted: (topic: Topic) => boolean): Pair {
  const { a, b } = describe();
  const modes = MODES.filter((name) => isWanted({ kind: 'contact', name, a, b }));
  return {
    a,
    b,
    wanted: new Set(modes),
    strongest: -1,
    point: { x: 0, y: 0, z: 0 },
    normal: { x: 0, y: 1, z: 0 },
    motions,
    idle: 0,
    mode: null,
    next: null,
    steps: 0,
    speed: 0,
    told: 0,
    sinceTold: 0,
  };
}
