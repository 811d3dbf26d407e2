/** A command of the command line in a folder of its own, and what it said. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../bake/commands.ts';
import type { BakedTake } from '../../../runtime/contract.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { parseManifest } from '../../../runtime/model-manifest.ts';
import { packInfoOf, type TokenPackInfo, writeTokenPack } from '../../../runtime/token-pack.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';

export interface Said {
  code: number;
  printed: string;
  errors: string[];
}

export interface PackFolder {
  /** Of the tiny pack's codec. */
  info: TokenPackInfo;
  /** Path of a file in the folder. */
  at(name: string): string;
  /** Writes a token pack. @returns its path */
  write(name: string, takes: readonly BakedTake[], info?: TokenPackInfo): Promise<string>;
  run(...args: string[]): Promise<Said>;
  dispose(): Promise<void>;
}

export async function openPackFolder(): Promise<PackFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'scenefoley-packs-'));
  const text = await readFile(`${TINY_PACK}/model.json`, 'utf8');
  const own = packInfoOf(parseManifest(text, TINY_PACK));
  const kernels = await loadKernels();
  const at = (name: string) => join(folder, name);
  return {
    info: own,
    at,
    async write(name, takes, info = own) {
      await writeFile(at(name), writeTokenPack(kernels, info, takes));
      return at(name);
    },
    async run(...args) {
      const printed: string[] = [];
      const errors: string[] = [];
      const print = (line: string) => printed.push(line);
      const code = await runCli(args, { print, printError: (line) => errors.push(line) });
      return { code, printed: printed.join('\n'), errors };
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
