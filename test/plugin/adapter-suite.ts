/**
 * What every adapter must do. Give it a world of yours, see adapters.test.ts:
 *
 *   testAdapter('my engine', async () => ({ adapter, context, addNode, moveNode, … }))
 *
 * The context is an OfflineAudioContext of one second, two channels, 48 kHz; the ear is at the origin and +x is to its right.
 */
import { describe } from 'vitest';
import { testBuses } from './adapter-suite/buses.ts';
import { testEmitters } from './adapter-suite/emitters.ts';
import { testFoley } from './adapter-suite/foley.ts';
import { testScene } from './adapter-suite/scene.ts';
import type { CreateWorld } from './adapter-suite/world.ts';

export type { World } from './adapter-suite/world.ts';

/** @param sounds false for an adapter without sound */
export function testAdapter<N>(name: string, createWorld: CreateWorld<N>, sounds = true): void {
  describe(`${name}: scene`, () => testScene(createWorld));
  if (!sounds) return;
  describe(`${name}: emitters`, () => testEmitters(createWorld));
  describe(`${name}: buses`, () => testBuses(createWorld));
  describe(`${name}: a whole foley`, () => testFoley(createWorld));
}
