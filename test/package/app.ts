/** A fresh project in a folder of its own: installs the packed package, builds, is served as static files. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../support/source-files.ts';
import { npm } from './packed.ts';

export interface App {
  folder: string;
  npx(...command: string[]): string;
  remove(): void;
}

export interface AppOptions {
  tarball: string;
  /** Packages beside ours: names, at the versions that this repository has. */
  packages: string[];
  /** By their path. */
  files: Record<string, string>;
  /** Where the package's model is copied to; null: nowhere. */
  model: string | null;
}

export function createApp({ tarball, packages, files, model }: AppOptions): App {
  const folder = mkdtempSync(join(tmpdir(), 'scenefoley-app-'));
  const all = { 'package.json': '{ "private": true, "type": "module" }', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  npm(['install', ...flags, tarball, ...packages.map(atOurVersion)], folder);
  const packed = join(folder, 'node_modules/scenefoley/models/foley-tiny');
  if (model !== null) cpSync(packed, join(folder, model), { recursive: true });
  return {
    folder,
    npx: (...command) => npm(['exec', '--offline', '--', ...command], folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A page with a canvas and one script. */
export function pageWith(script: string): string {
  const head = `<meta charset="utf-8"><title>App</title><script type="module" src="${script}"></script>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><canvas width="200" height="200"></canvas></body></html>`;
}

/** The first program of a document that is a whole app. */
export function appIn(document: string): string {
  const text = readFileSync(join(root, document), 'utf8');
  const [, code] = text.match(/^```ts app\n([\s\S]*?)^```$/m) ?? [];
  if (code === undefined) throw new Error(`app: ${document} has no fence "ts app". Write one.`);
  return code;
}

function atOurVersion(name: string): string {
  const path = join(root, 'node_modules', name, 'package.json');
  return `${name}@${JSON.parse(readFileSync(path, 'utf8')).version}`;
}
