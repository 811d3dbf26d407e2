import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../../bake/commands.ts';
import { readGltf, writeGltf } from '../../../bake/gltf/glb.ts';
import { MSFT_AUDIO } from '../../../bake/gltf/msft-audio.ts';
import { manifestText } from '../../../bake/manifest.ts';
import { MANIFEST, sceneOf } from '../gltf/scenes.ts';

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-gltf-'));
  await mkdir(at('assets'));
  await mkdir(at('out'));
  await writeFile(at('assets/manifest.json'), manifestText(MANIFEST));
  await writeFile(at('assets/a-fire-0.wav'), 'RIFF');
  await writeFile(at('scene.glb'), writeGltf(sceneOf([{ name: 'sound:fire' }])));
  await writeFile(at('silent.glb'), writeGltf(sceneOf([{ name: 'fire' }])));
  await writeFile(
    at('sounds.yaml'),
    'sounds: { fire: { prompt: a fire, volume: 0.5, on: { event: x } } }',
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function gltf(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (line: string) => printed.push(line);
  const printError = (line: string) => errors.push(line);
  const code = await runCli(['gltf', ...args], { print, printError });
  return { code, printed, errors };
}

describe('gltf', () => {
  test('a scene comes out with its sounds, addresses as seen from it', async () => {
    const options = ['--sounds', at('assets'), '--map', at('sounds.yaml'), '--msft-audio'];
    const result = await gltf(at('scene.glb'), '-o', at('out/scene.glb'), ...options);
    expect(result).toEqual({
      ...{ code: 0, errors: [] },
      printed: ['sound:fire: fire, takes: 1', `${at('out/scene.glb')}: nodes that sound: 1`],
    });
    const { json, binary } = readGltf(await readFile(at('out/scene.glb')), 'scene.glb');
    expect(json.nodes![0]!.extras).toMatchObject({
      scenefoley: { volume: 0.5, takes: [{ files: { wav: '../assets/a-fire-0.wav' } }] },
    });
    expect(json.extensionsUsed).toEqual([MSFT_AUDIO]);
    expect(Buffer.from(binary!).toString()).toBe('RIFF');
  });

  test('folders whose names mean something else in an address are escaped', async () => {
    await mkdir(at('take #1 of 100%'));
    await writeFile(at('take #1 of 100%/manifest.json'), manifestText(MANIFEST));
    await writeFile(at('take #1 of 100%/a-fire-0.wav'), 'RIFF');
    const scene = writeGltf({ ...sceneOf([{ name: 'sound:fire' }]), binary: null });
    await writeFile(at('scene.gltf'), scene);
    const options = ['--sounds', at('take #1 of 100%'), '--msft-audio'];
    const { errors } = await gltf(at('scene.gltf'), '-o', at('out/scene.gltf'), ...options);
    expect(errors).toEqual([]);
    const { json } = readGltf(await readFile(at('out/scene.gltf')), 'scene.gltf');
    const address = '../take%20%231%20of%20100%25/a-fire-0.wav';
    expect(json.nodes![0]!.extras).toMatchObject({
      scenefoley: { takes: [{ files: { wav: address } }] },
    });
    expect(json.extensions![MSFT_AUDIO]).toMatchObject({ clips: [{ uri: address }] });
  });

  test('no node that sounds is said, with what to do', async () => {
    const { code, errors } = await gltf(
      at('silent.glb'),
      '-o',
      at('out/x.glb'),
      '--sounds',
      at('assets'),
    );
    expect(code).toBe(0);
    expect(errors).toEqual([expect.stringContaining("Call one 'sound:NAME'")]);
  });

  test('what is wrong is one line and exit code 1', async () => {
    const sounds = ['--sounds', at('assets')];
    const out = ['-o', at('out/y.glb')];
    const wrong: [string[], string | RegExp][] = [
      [[...out, ...sounds], 'one scene, a .glb or .gltf'],
      [[at('scene.glb'), ...sounds], 'no -o'],
      [[at('scene.glb'), ...out], 'no --sounds'],
      [[at('scene.glb'), '-o', at('y.gltf'), ...sounds], 'must be of the kind of'],
      [
        [at('scene.glb'), ...out, ...sounds, '--format', 'mp3'],
        "--format must be wav, flac, opus, got 'mp3'",
      ],
      [
        [at('scene.glb'), ...out, ...sounds, '--msft-audio', '--format', 'opus'],
        'opus cannot be read: ENOENT',
      ],
      [
        [at('none.glb'), ...out, ...sounds],
        /^gltf: .*none\.glb cannot be read: ENOENT.*Check its path\.$/,
      ],
      [[at('scene.glb'), ...out, '--sounds', at('out')], 'Bake first'],
    ];
    for (const [args, message] of wrong) {
      const { code, printed, errors } = await gltf(...args);
      expect([code, printed, errors.length]).toEqual([1, [], 1]);
      expect(errors[0]).toMatch(message);
    }
    await expect(readFile(at('out/y.glb'))).rejects.toThrow('ENOENT');
  });

  test('--help names every option', async () => {
    const { printed } = await gltf('--help');
    for (const option of ['--output', '--sounds', '--map', '--msft-audio', '--format']) {
      expect(printed.join('\n')).toContain(option);
    }
  });
});
