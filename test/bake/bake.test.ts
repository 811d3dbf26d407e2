import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BakeProgress } from '../../bake/bake.ts';
import type { BakeManifest } from '../../bake/contract.ts';
import { createTakeMaker } from '../../bake/take-maker.ts';
import { createFolderStore } from '../../bake/take-store.ts';
import { createBakedDecoder, openDecoderPack } from '../../runtime/baked-decoder.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { bytesSource, openTokenPack } from '../../runtime/token-pack.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { type Bakery, createBakery } from './baking.ts';

const MAP = `
defaults: { duration: 0.1, variations: 1 }
sounds:
  step:
    prompt: "step on {surface}"
    slots: { surface: [wood, snow] }
    variations: 2
  rain: { prompt: rain, loop: true, duration: 0.2 }
  door: { prompt: a door, takes: { lock: 7 } }
`;
let bakery: Bakery;
beforeEach(() => {
  bakery = createBakery();
  bakery.write(MAP);
});
afterEach(() => bakery.dispose());

const assets = (...path: string[]) => join(bakery.folder, 'assets', ...path);
const manifest = () => JSON.parse(readFileSync(assets('manifest.json'), 'utf8')) as BakeManifest;

describe('a bake', () => {
  test('leaves a token pack whose takes answer to the map’s requests, and a manifest of it', async () => {
    const report = await bakery.bake();
    expect(report).toMatchObject({ outcome: 'baked', sounds: 3, takes: 6, made: 6, faulty: [] });
    expect(Object.keys(bakery.files())).toEqual(['manifest.json', 'sounds.foley']);
    const bytes = new Uint8Array(readFileSync(assets('sounds.foley')));
    const pack = await openTokenPack(bytesSource(bytes, 'sounds.foley'));
    expect(pack.sounds.map(({ sound, spec }) => [sound, spec.prompt, spec.seed])).toEqual([
      ['step', 'step on wood', 0],
      ['step', 'step on wood', 1],
      ['step', 'step on snow', 0],
      ['step', 'step on snow', 1],
      ['rain', 'rain', 0],
      ['door', 'a door', 7],
    ]);
    const found = pack.find({ prompt: 'rain', duration: 0.2, loop: true });
    expect(found).toMatchObject({ sound: 'rain', model: 'tiny-pack' });
    const { sounds, files, model } = manifest();
    expect(Object.keys(sounds)).toEqual(['step', 'rain', 'door']);
    expect(sounds.step?.length).toBe(4);
    expect(files.map(({ path }) => path)).toEqual(['sounds.foley']);
    expect(model).toMatchObject({ name: 'tiny-pack', commercialUse: true });
  });

  test('plays as the pipeline would', async () => {
    await bakery.bake();
    const kernels = await loadKernels();
    const bytes = new Uint8Array(readFileSync(assets('sounds.foley')));
    const pack = await openTokenPack(bytesSource(bytes, 'sounds.foley'));
    const { manifest: model, weights } = await openDecoderPack(folderSource(TINY_PACK, readFile));
    const decoder = createBakedDecoder(kernels, model, weights);
    const maker = await createTakeMaker({ model: TINY_PACK, gate: null });
    for (const sound of pack.sounds) {
      const codes = await pack.readCodes(kernels, sound);
      const job = bakery.made.find(({ spec }) => spec.prompt === sound.spec.prompt);
      const made = await maker.make({ ...job!, spec: sound.spec });
      const { pcm } = await decoder.decode({ ...sound, codes });
      expect(pcm).toEqual((await decoder.decode(made.take)).pcm);
    }
    await maker.dispose();
  });

  test('same inputs, same bytes, in whatever order the takes are made', async () => {
    await bakery.bake({ formats: ['foley', 'wav'] });
    await bakery.bake({
      output: join(bakery.folder, 'other'),
      formats: ['foley', 'wav'],
      makeAll: async (jobs, onRecord) => {
        const maker = await createTakeMaker({ model: TINY_PACK, gate: null });
        for (const job of [...jobs].reverse()) await onRecord(await maker.make(job));
        await maker.dispose();
      },
    });
    expect(bakery.files('other')).toEqual(bakery.files());
    expect(Object.keys(bakery.files()).length).toBe(8);
  });

  test('a second one does nothing, says so, and never asks for the model’s weights', async () => {
    await bakery.bake();
    const before = bakery.files();
    bakery.made.length = 0;
    const model = join(bakery.folder, 'only-its-manifest');
    mkdirSync(model);
    copyFileSync(join(TINY_PACK, 'model.json'), join(model, 'model.json'));
    const report = await bakery.bake({ model });
    expect(report).toMatchObject({ outcome: 'fresh', takes: 6, made: 0, reasons: [] });
    expect([bakery.made, bakery.files()]).toEqual([[], before]);
  });

  test('what changed is made, what is gone is removed, the rest is kept', async () => {
    await bakery.bake({ formats: ['foley', 'wav'] });
    const before = bakery.files();
    bakery.made.length = 0;
    bakery.write(MAP.replace('a door', 'a gate').replace('[wood, snow]', '[wood]'));
    const report = await bakery.bake({ formats: ['foley', 'wav'] });
    expect(bakery.made.map(({ spec }) => spec.prompt)).toEqual(['a gate']);
    expect(report.reasons.join()).toMatch(/sound 'step' has other prompts.*sound 'door' has other/);
    const after = bakery.files();
    const kept = Object.keys(after).filter((path) => after[path] === before[path]);
    expect(kept.map((path) => path.replace(/-\w+\.wav/, ''))).toEqual([
      'rain/rain',
      'step/step-on-wood',
      'step/step-on-wood',
    ]);
    expect(report.removed.length).toBe(3);
    // And back: nothing has to be made.
    bakery.write(MAP);
    expect((await bakery.bake({ formats: ['foley', 'wav'] })).made).toBe(0);
    expect(bakery.files()).toEqual(before);
  });

  test('a damaged or missing asset is made again, without the model', async () => {
    await bakery.bake({ formats: ['foley', 'wav'] });
    const before = bakery.files();
    bakery.made.length = 0;
    writeFileSync(assets('sounds.foley'), 'damaged');
    rmSync(assets('rain'), { recursive: true });
    const { reasons, outcome } = await bakery.bake({ formats: ['foley', 'wav'] });
    expect(outcome).toBe('baked');
    expect(reasons.length).toBe(2);
    expect([bakery.files(), bakery.made]).toEqual([before, []]);
  });

  test('two sounds that ask for the same share a take, and both are in the manifest', async () => {
    bakery.write('sounds: { a: { prompt: x, variations: 1 }, b: { prompt: x, variations: 1 } }');
    await bakery.bake();
    expect(bakery.made.length).toBe(1);
    const { a, b } = manifest().sounds;
    expect(a).toEqual(b);
  });

  test('what writers of a shared store left long ago is swept when a bake opens it', async () => {
    const temporary = join(bakery.folder, 'store', 'temporary');
    mkdirSync(temporary, { recursive: true });
    const [old, young] = [randomUUID(), randomUUID()].map((name) => join(temporary, name));
    for (const path of [old!, young!]) writeFileSync(path, 'half');
    utimesSync(old!, 1000, 1000);
    await bakery.bake({ store: createFolderStore(join(bakery.folder, 'store')) });
    expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
  });

  test('is whole where what earlier ones kept cannot be tidied up', async () => {
    const kept = assets('.scenefoley', 'takes');
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'aa'), 'a file where a folder would be');
    const warnings: string[] = [];
    const logger = { info: () => {}, warn: (text: string) => warnings.push(text) };
    expect(await bakery.bake({ logger })).toMatchObject({ outcome: 'baked' });
    expect(warnings.join()).toMatch(
      /could not be tidied up: ENOTDIR.* What was baked now is whole/,
    );
  });

  test('progress counts takes, then files', async () => {
    const told: BakeProgress[] = [];
    await bakery.bake({ onProgress: (progress) => told.push(progress) });
    expect(told.filter(({ stage }) => stage === 'takes').map(({ done }) => done)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    expect(told.at(-1)).toEqual({ stage: 'files', done: 2, total: 2, made: 2 });
  });

  test('aborted it keeps what is whole, and goes on from there', async () => {
    const stop = new AbortController();
    const onProgress = ({ made }: BakeProgress) => made === 3 && stop.abort();
    const stopped = bakery.bake({ signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(bakery.files()).toEqual({});
    expect((await bakery.bake()).made).toBe(3);
  });

  test('two at once into one folder: the second hears who has it', async () => {
    const first = bakery.bake();
    const second = bakery.bake();
    const settled = await Promise.allSettled([first, second]);
    const refused = settled.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(String(refused.reason.message)).toContain(
      `is held by another bake: process ${process.pid}`,
    );
  });
});

describe('another bake took the folder over while this one slept', () => {
  const other = '{"pid":7,"host":"elsewhere","since":"2026-01-02T03:04:05.000Z"}';
  const lock = () => assets('.scenefoley', 'lock');
  const lost = {
    name: 'FolderLostError',
    message: expect.stringContaining('process 7 on elsewhere'),
  };

  test('while takes were made: none more is kept, and no asset is written', async () => {
    const wakesAfter = ({ made }: BakeProgress) => made === 2 && writeFileSync(lock(), other);
    await expect(bakery.bake({ onProgress: wakesAfter })).rejects.toMatchObject(lost);
    expect(bakery.files()).toEqual({});
    expect(readFileSync(lock(), 'utf8')).toBe(other);
    rmSync(lock());
    expect((await bakery.bake()).made).toBe(4);
  });

  test('while files were written: none more is written, none removed', async () => {
    await bakery.bake({ formats: ['wav'] });
    const before = bakery.files();
    bakery.write(MAP.replace('a door', 'a gate').replace('rain, loop', 'hail, loop'));
    const wakesAfter = ({ stage, done }: BakeProgress) =>
      stage === 'files' && done === 5 && writeFileSync(lock(), other);
    const woken = bakery.bake({ formats: ['wav'], onProgress: wakesAfter });
    await expect(woken).rejects.toMatchObject(lost);
    const after = bakery.files();
    const isNew = (path: string) => before[path] === undefined;
    expect(Object.keys(after).filter(isNew)).toEqual([expect.stringContaining('rain/hail-')]);
    expect(after).toMatchObject(before);
    rmSync(lock());
  });
});

describe('with a gate', () => {
  const gate = { maxRolls: 4, minScore: 0, maxLikeness: 0.9 };

  test('locked takes are never rolled again, and what does not pass is reported', async () => {
    const { outcome, faulty } = await bakery.bake({
      gate,
      makeAll: async (jobs, onRecord) => {
        const openGate = async () => ({
          judge: async ({ seed }: { seed: number }) => ({
            ...{ faults: ['clipped' as const], score: null },
            fingerprint: Float32Array.of(seed, 1),
          }),
        });
        const maker = await createTakeMaker({ model: TINY_PACK, gate }, undefined, openGate);
        for (const job of jobs) await onRecord(await maker.make(job));
        await maker.dispose();
      },
    });
    expect(outcome).toBe('baked');
    expect(faulty.length).toBe(6);
    expect(faulty.at(-1)).toEqual({
      ...{ sound: 'door', prompt: 'a door', seed: 7, faults: ['clipped'] },
    });
  });
});

describe('--check', () => {
  test('a manifest that cannot be read is stale, and is said to be there', async () => {
    await bakery.bake();
    const whole = readFileSync(assets('manifest.json'), 'utf8');
    writeFileSync(assets('manifest.json'), `<<<<<<< ours\n${whole}`); // a merge that nobody has finished
    const { reasons, outcome } = await bakery.bake({ check: true });
    expect([outcome, reasons]).toEqual(['stale', [expect.stringContaining('manifest.json is no')]]);
    await bakery.bake();
    expect(readFileSync(assets('manifest.json'), 'utf8')).toBe(whole);
  });

  test('says what is stale, and writes nothing', async () => {
    const never = await bakery.bake({ check: true });
    expect(never).toMatchObject({ outcome: 'stale', reasons: ['manifest.json is not there'] });
    await bakery.bake();
    expect((await bakery.bake({ check: true })).outcome).toBe('fresh');
    bakery.write(`${MAP}  bell: { prompt: a bell }\n`.replace(/ {2}rain.*\n/, ''));
    const before = bakery.files();
    const { reasons, outcome } = await bakery.bake({ check: true });
    expect([outcome, reasons]).toEqual(['stale', ["sound 'rain' is gone", "sound 'bell' is new"]]);
    expect(bakery.files()).toEqual(before);
  });

  test('a checkout without what is kept between bakes is enough', async () => {
    await bakery.bake();
    rmSync(assets('.scenefoley'), { recursive: true });
    expect((await bakery.bake({ check: true })).outcome).toBe('fresh');
    expect((await bakery.bake()).outcome).toBe('fresh');
  });

  test('formats in another order, or named twice, are the same', async () => {
    await bakery.bake({ formats: ['wav', 'foley'] });
    const before = bakery.files();
    expect((await bakery.bake({ check: true, formats: ['foley', 'wav', 'wav'] })).reasons).toEqual(
      [],
    );
    rmSync(assets(), { recursive: true });
    await bakery.bake({ formats: ['foley', 'wav'] });
    expect(bakery.files()).toEqual(before);
  });

  test('other durations, seeds and formats are stale too', async () => {
    await bakery.bake();
    const others = [
      MAP.replace('duration: 0.1', 'duration: 0.2'),
      MAP.replace('lock: 7', 'lock: 8'),
    ];
    for (const map of others) {
      bakery.write(map);
      expect((await bakery.bake({ check: true })).outcome).toBe('stale');
    }
    bakery.write(MAP);
    expect((await bakery.bake({ check: true, formats: ['wav'] })).outcome).toBe('stale');
  });
});
