/** The pack that is committed is the one that demo-scene/sounds.yaml and the embedded model give. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bake } from '../../bake/bake.ts';
import { DEFAULT_GATE } from '../../bake/quality-gate.ts';
import { seedsOf } from '../../plugin/director/pool.ts';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { bytesSource, openTokenPack } from '../../runtime/token-pack.ts';
import { root } from '../support/source-files.ts';

const BAKED = join(root, 'demo-scene/baked');
const SOUNDS = join(root, 'demo-scene/sounds.yaml');
const packed = await openTokenPack(
  bytesSource(readFileSync(join(BAKED, 'sounds.foley')), 'sounds.foley'),
);

test('it is up to date; else `npm run bake:demo`', async () => {
  const report = await bake({
    soundMap: SOUNDS,
    output: BAKED,
    model: join(root, 'models/foley-tiny'),
    workers: 1,
    formats: ['foley'],
    gate: DEFAULT_GATE,
    check: true,
  });
  expect([report.outcome, report.reasons]).toEqual(['fresh', []]);
});

test('it has every take of every sound, as an ambience and a collision ask for them', async () => {
  const map = await parseSoundMap(readFileSync(SOUNDS, 'utf8'), 'sounds.yaml');
  for (const { name, ...sound } of map.sounds.values()) {
    const baked = packed.sounds.filter((one) => one.sound === name);
    expect(baked.length).toBeGreaterThanOrEqual(seedsOf({ name, ...sound }).length);
  }
  const { duration, loop } = map.sounds.get('rain') ?? {};
  const rain = { prompt: 'pouring rain', duration, loop };
  const hit = { prompt: 'hard impact of a metal crate on wood', duration: 0.8 };
  for (const request of [0, 1, 2]
    .map((seed) => ({ ...rain, seed }))
    .concat([0, 1].map((seed) => ({ ...hit, loop: false, seed }))))
    expect(packed.find(request)?.spec).toMatchObject(request);
});

test('two hundred takes are less than 100 kB', () => {
  expect(readFileSync(join(BAKED, 'sounds.foley')).length).toBeLessThan(100_000);
  expect(packed.sounds.length).toBeGreaterThan(200);
});
