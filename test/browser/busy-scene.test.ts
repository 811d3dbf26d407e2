/** 200 emitters and 50 events a second leave nothing behind. `npm run bench` has their milliseconds, over a minute. */
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { expect, test } from 'vitest';
import { measureBusyScene } from '../bench/busy-scene.ts';
import { createFakeRuntime, sine } from '../plugin/fake-runtime.ts';

test('200 emitters and 50 events a second leave nothing behind', async () => {
  const engine = new NullEngine();
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.2, 0.01) });
  const figures = await measureBusyScene({ engine, foley: { model: '/m/', runtime }, seconds: 10 });
  engine.dispose();
  const { start, first, last, end, played, missed } = figures;
  expect(played).toBeGreaterThan(300);
  expect(played + missed).toBeGreaterThan(450);
  expect(first.voices).toBeGreaterThan(5);
  expect(last.voices).toBeLessThanOrEqual(32);
  expect(last.audioNodes).toBeLessThan(first.audioNodes * 1.2);
  expect(last.observers).toBeLessThanOrEqual(first.observers);
  expect(end.observers).toBe(start.observers);
  expect(end.audioNodes - start.audioNodes).toBeLessThanOrEqual(1); // Babylon's way out, of a closed context
});
