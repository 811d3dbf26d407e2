/** The package as npm publishes it, made once per test file: built, packed, to be installed elsewhere. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/source-files.ts';

export interface Packed {
  /** Path of the .tgz. */
  tarball: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Names of the files in it. */
  files: string[];
  remove(): void;
}

export function packProject(): Packed {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
  const folder = mkdtempSync(join(tmpdir(), 'scenefoley-pack-'));
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root));
  const tarball = join(folder, packed.filename);
  return {
    tarball,
    bytes: Uint8Array.from(readFileSync(tarball)),
    files: packed.files.map(({ path }: { path: string }) => path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns what it printed. @throws Error with what it complained of. */
export function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}
