import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BakeManifest, TakeRecord } from '../../bake/contract.ts';
import {
  faultsOfFiles,
  manifestTake,
  manifestText,
  parseManifest,
  readManifest,
} from '../../bake/manifest.ts';
import { sha256 } from '../../runtime/sha256.ts';

const HASH = 'ab'.repeat(32);
const MANIFEST: BakeManifest = {
  formatVersion: 1,
  soundMap: 'sounds.yaml',
  hash: HASH,
  model: { name: 'foley-tiny', licence: 'MIT', commercialUse: true, hash: HASH },
  files: [{ path: 'sounds.foley', bytes: 3, sha256: HASH }],
  sounds: {
    zip: [
      {
        prompt: 'a zip — “closed”',
        seed: 4294967295,
        soundKey: HASH,
        duration: 0.5,
        loop: null,
        sampleRate: 32000,
        loudness: null,
        truePeak: null,
        files: { foley: 'sounds.foley', opus: 'zip/a-zip-closed-abababababab.opus' },
        faults: ['silent'],
      },
    ],
    arc: [],
  },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-manifest-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The manifest with something else at a place. */
function altered(path: string, value: unknown): string {
  const copy = structuredClone(MANIFEST) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  parent[last] = value;
  return JSON.stringify(copy);
}

describe('manifest', () => {
  test('written and read it is the same, sounds in their order', () => {
    const back = parseManifest(manifestText(MANIFEST), 'manifest.json');
    expect(back).toEqual(MANIFEST);
    expect(Object.keys(back.sounds)).toEqual(['zip', 'arc']);
  });

  test('same content, same bytes, whatever the order of its fields', () => {
    const backwards = Object.fromEntries(Object.entries(MANIFEST).reverse());
    expect(manifestText(backwards as unknown as BakeManifest)).toBe(manifestText(MANIFEST));
    expect(manifestText(MANIFEST)).toMatch(/^\{\n "formatVersion": 1,\n "soundMap"/);
    expect(manifestText(MANIFEST)).toMatch(/\}\n$/);
  });

  test('what is wrong is named with its place, what it must be and what it is', () => {
    const wrong: [string, unknown, string][] = [
      ['formatVersion', 2, 'format version 2, this scenefoley reads 1. Install a newer one'],
      ['hash', 'x', 'hash must be 64 hexadecimal digits, got "x". Bake again.'],
      ['sounds.zip.0.seed', -1, 'sounds.zip.0.seed must be a whole number from 0 to 4294967295'],
      ['sounds.zip.0.faults', ['loud'], 'sounds.zip.0.faults.0 must be one of silent, clipped'],
      ['sounds.zip.0.files', { mp3: 'a' }, 'must be one of foley, wav, flac, opus, got "mp3"'],
      ['model', undefined, 'model must be an object, got nothing'],
      ['files', 3, 'files must be a list, got 3'],
    ];
    for (const [path, value, message] of wrong) {
      expect(() => parseManifest(altered(path, value), 'a/manifest.json')).toThrow(message);
      expect(() => parseManifest(altered(path, value), 'a/manifest.json')).toThrow(
        'a/manifest.json',
      );
    }
    for (const text of ['', '{', '[]', 'null', '3']) {
      expect(() => parseManifest(text, 'm.json')).toThrow(/^manifest: m\.json/);
    }
  });

  test('no path leads out of its folder', () => {
    for (const path of [
      '../x',
      '/etc/passwd',
      'a/../../x',
      'C:/x',
      'a\\b',
      'http://x/y',
      '',
      'a//b',
    ]) {
      expect(() => parseManifest(altered('files.0.path', path), 'm.json')).toThrow(
        'inside its folder',
      );
    }
  });

  test('a file missing, cut short or altered is named', async () => {
    const bytes = new TextEncoder().encode('sound');
    await mkdir(join(folder, 'a'));
    const files = await Promise.all(
      ['a/1.wav', 'a/2.wav', 'a/3.wav', 'a/4.wav'].map(async (path) => {
        await writeFile(join(folder, path), bytes);
        return { path, bytes: bytes.length, sha256: await sha256(bytes) };
      }),
    );
    expect(await faultsOfFiles({ ...MANIFEST, files }, folder)).toEqual([]);
    await rm(join(folder, 'a/1.wav'));
    await truncate(join(folder, 'a/2.wav'), 2);
    await writeFile(join(folder, 'a/3.wav'), 'Sound');
    const faults = await faultsOfFiles({ ...MANIFEST, files }, folder);
    expect(faults.length).toBe(3);
    expect(faults[0]).toContain('a/1.wav cannot be read: ENOENT');
    expect(faults[1]).toBe('a/2.wav has 2 bytes, the manifest says 5');
    expect(faults[2]).toContain('a/3.wav was altered');
  });

  test('read by its path or its folder; where there is none, what to do', async () => {
    await writeFile(join(folder, 'manifest.json'), manifestText(MANIFEST));
    const expected = { manifest: MANIFEST, folder };
    expect(await readManifest(folder)).toEqual(expected);
    expect(await readManifest(join(folder, 'manifest.json'))).toEqual(expected);
    await expect(readManifest(join(folder, 'a'))).rejects.toThrow(/ENOENT.*Bake first/s);
  });

  test('a take’s loop is the whole of it, and silence has no loudness', () => {
    const plan = { start: 10, length: 16000, crossfade: 80, correlation: 0.5, gainDb: 3 };
    const record = (loop: boolean, loudness: number) =>
      ({
        take: {
          spec: { prompt: 'hum', loop },
          plan,
          seed: 5,
          soundKey: HASH,
          loudness,
          truePeak: loudness,
        },
        verdict: { faults: [] },
      }) as unknown as TakeRecord;
    const hum = manifestTake(record(true, -23.00412), 32000, { wav: 'hum/x.wav' });
    expect(hum).toMatchObject({ prompt: 'hum', seed: 5, duration: 0.5, loudness: -23 });
    expect(hum.loop).toEqual({ start: 0, end: 16000 });
    expect(manifestTake(record(false, Number.NEGATIVE_INFINITY), 32000, {})).toMatchObject({
      ...{ loop: null, loudness: null, truePeak: null },
    });
  });
});
