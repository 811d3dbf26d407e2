/**
 * A walk that leads itself through hall and yard: for whoever cannot or need not steer, and for showing the same thing twice.
 * It begins with the world as it was at first, and everything in it happens at a step of the world: the same seed, the same tour.
 */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Tour } from './deeds.ts';
import { thunder } from './deeds.ts';
import type { World } from './room/world.ts';

type Stop =
  | { to: readonly [x: number, z: number] }
  | { wait: number }
  | { act: (world: World) => void };

const STOPS: readonly Stop[] = [
  { to: [-2.6, -1.2] },
  { to: [-0.4, -1.6] },
  { act: ({ crates }) => crates.drop('wood', 1, new Vector3(-0.4, 2.4, 0.6)) },
  { act: ({ crates }) => crates.drop('glass', 1, new Vector3(0.9, 2.9, -0.4)) },
  { wait: 1.5 },
  { to: [3.6, 0.4] },
  { act: ({ door }) => !door.isOpen && door.toggle() },
  { wait: 1.4 },
  { to: [3.6, 5.6] },
  { to: [3.6, 9] },
  { to: [0.6, 9.1] },
  { to: [-2.4, 8.4] },
  { act: ({ machine }) => machine.setSpeed(0.7) },
  { wait: 2 },
  { act: ({ machine }) => machine.setSpeed(0) },
  { to: [-1, 11.6] },
  { act: thunder },
  { to: [3.4, 9.5] },
  { to: [3.65, 5.4] },
  { to: [3.65, 2] },
  { act: ({ door }) => door.isOpen && door.toggle() },
  { wait: 1 },
];

/** Metres. */
const NEAR = 0.35;
/** Radians a step. */
const TURN = 0.05;
/** Steps of 1/60 s after which a stop that cannot be reached is left out. */
const PATIENCE = 600;

/** @param onEnd it is over, or was stopped. */
export function createTour(world: World, onEnd: () => void): Tour {
  const { scene, walker, view } = world;
  let next = STOPS.length;
  let steps = 0;

  function stop(): void {
    next = STOPS.length;
    walker.wish.forward = 0;
    onEnd();
  }

  function advance(): void {
    steps = 0;
    next++;
    walker.wish.forward = 0;
    if (next >= STOPS.length) stop();
  }

  scene.onBeforeStepObservable.add(() => {
    const now = STOPS[next];
    if (!now) return;
    steps++;
    if ('act' in now) {
      now.act(world);
      return advance();
    }
    const isDone = 'wait' in now ? steps > now.wait * 60 : hasCome(world, now.to);
    if (isDone || steps > PATIENCE) advance();
  });

  return {
    get isRunning() {
      return next < STOPS.length;
    },
    toggle() {
      if (next < STOPS.length) return stop();
      view.setWalking(true);
      world.restart();
      walker.standAt(new Vector3(0.4, 0, -2.9), 0);
      next = 0;
      steps = 0;
    },
  };
}

/** Turns towards the place and walks; @returns true once it is there. */
function hasCome({ walker }: World, [x, z]: readonly [number, number]): boolean {
  const [dx, dz] = [x - walker.feet.x, z - walker.feet.z];
  if (Math.hypot(dx, dz) < NEAR) return true;
  const off = wrapped(Math.atan2(dx, dz) - walker.yaw);
  walker.yaw += Math.min(TURN, Math.max(-TURN, off));
  walker.pitch *= 0.95;
  walker.wish.forward = Math.abs(off) < 0.5 ? 1 : 0;
  return false;
}

function wrapped(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
