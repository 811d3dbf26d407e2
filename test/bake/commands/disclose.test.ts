import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../../bake/commands.ts';
import type { BakeManifest } from '../../../bake/contract.ts';
import { manifestText } from '../../../bake/manifest.ts';

const HASH = 'ab'.repeat(32);
const MANIFEST: BakeManifest = {
  ...{ formatVersion: 1, soundMap: 'sounds.yaml', hash: HASH, files: [], sounds: {} },
  model: { name: 'foley-tiny', licence: 'MIT', commercialUse: true, hash: HASH },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-disclose-'));
  await writeFile(join(folder, 'manifest.json'), manifestText(MANIFEST));
});
afterAll(() => rm(folder, { recursive: true }));

async function disclose(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (line: string) => printed.push(line);
  const printError = (line: string) => errors.push(line);
  const code = await runCli(['disclose', ...args], { print, printError });
  return { code, printed: printed.join('\n'), errors };
}

describe('disclose', () => {
  test('Markdown by default, JSON for machines; a folder or its manifest', async () => {
    const text = await disclose(folder);
    expect(text).toMatchObject({ code: 0, errors: [] });
    expect(text.printed).toMatch(/^# Generative AI in this game/);
    const json = await disclose(join(folder, 'manifest.json'), folder, '--json', '--live');
    expect(JSON.parse(json.printed)).toMatchObject({
      ...{ takes: 0, preGenerated: false, liveGenerated: true },
      models: [{ name: 'foley-tiny' }],
    });
  });

  test('what is wrong is one line and exit code 1', async () => {
    for (const [args, message] of [
      [[], 'disclose: no folder'],
      [[join(folder, 'none')], 'ENOENT'],
      [[folder, '--jason'], 'no option --jason'],
    ] as const) {
      const { code, printed, errors } = await disclose(...args);
      expect([code, printed, errors.length]).toEqual([1, '', 1]);
      expect(errors[0]).toContain(message);
    }
  });

  test('--help names every option', async () => {
    const { code, printed } = await disclose('--help');
    expect(code).toBe(0);
    for (const option of ['--live', '--json']) expect(printed).toContain(option);
  });
});
