import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EMBEDDED_JUDGE, openJudgePack } from '../../../bake/quality-gate/judge-pack.ts';
import { GATE_VERSION } from '../../../bake/quality-gate/version.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-judge-'));
  await cp(EMBEDDED_JUDGE, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openJudgePack(pathToFileURL(`${folder}/`));
const weights = () => join(folder, 'judge.safetensors');

describe('judge pack', () => {
  test('is at most 2 MB, and the version that jobs are named by is its own', async () => {
    const { manifest } = await open();
    const { sha256, bytes } = manifest.files['judge.safetensors'];
    expect(bytes).toBeLessThan(2e6);
    expect((await readFile(weights())).length).toBe(bytes);
    expect(GATE_VERSION.judge).toBe(sha256);
  });

  test('a bit that flipped is found before anything is judged', async () => {
    const bytes = await readFile(weights());
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(weights(), bytes);
    await expect(open()).rejects.toThrow(/judge\.safetensors: expected sha256 \w+, found sha256/);
  });

  test.each(['judge.json', 'judge.safetensors'])('without %s it says so', async (file) => {
    await rm(join(folder, file));
    await expect(open()).rejects.toThrow(
      new RegExp(`judge-pack: .*${file}: expected a file of the judge, found ENOENT`),
    );
  });

  test.each(['{', '{}', '{"formatVersion":2}'])('%s is no judge of format 1', async (text) => {
    await writeFile(join(folder, 'judge.json'), text);
    await expect(open()).rejects.toThrow(/judge\.json: expected what a judge of format 1/);
  });
});
