/** A game of one page, in a folder of its own: it says what is in its pack, and hums when it is clicked. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InlineConfig } from 'vite';
import { root } from '../../support/source-files.ts';

export interface FixtureApp {
  folder: string;
  soundMap: string;
  write(path: string, text: string): void;
  remove(): void;
}

export const SOUNDS = `# a fixture
sounds:
  step:
    prompt: '{weight} step'
    slots: { weight: { values: [light, heavy], default: light } }
    duration: 0.3
    variations: 2
  hum: { prompt: a hum, duration: 0.5, loop: true, variations: 1 }
`;

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>App</title></head>
<body><button>Play</button><output></output><script type="module" src="./main.js"></script></body></html>`;

/** The prompts of the pack it has are on the page, for the test to see. */
const MAIN = `
import options, { onSounds } from 'virtual:scenefoley';
import { createFoleyWith, createWebAudioAdapter } from 'scenefoley';
import { createPlayer } from 'scenefoley/player';

const { baked, model } = options;
const player = 'take' in baked ? baked : createPlayer({ packs: baked, model });
const foley = await createFoleyWith(createWebAudioAdapter(), { ...options, baked: player });
await player.load();
const output = document.querySelector('output');
const show = () => {
  output.textContent = [...new Set(player.sounds.map(({ spec }) => spec.prompt))].join(', ');
};
show();
onSounds(async ({ sounds }) => {
  await foley.setSounds(sounds);
  show();
});
document.querySelector('button').addEventListener('click', async () => {
  await foley.unlock();
  await foley.play('hum');
});
`;

export function createFixtureApp(): FixtureApp {
  const folder = mkdtempSync(join(tmpdir(), 'scenefoley-rollup-'));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('index.html', PAGE);
  write('main.js', MAIN);
  write('src/sounds.yaml', SOUNDS);
  return {
    folder,
    soundMap: join(folder, 'src/sounds.yaml'),
    write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Vite's settings for it, with our sources in the place of the installed package. */
export function viteConfig(
  { folder }: FixtureApp,
  plugins: NonNullable<InlineConfig['plugins']>,
): InlineConfig {
  return {
    configFile: false,
    root: folder,
    logLevel: 'silent',
    cacheDir: join(folder, '.vite'),
    worker: { format: 'es' },
    build: { target: 'es2022', minify: false },
    resolve: {
      alias: [
        { find: /^scenefoley$/, replacement: join(root, 'plugin/index.ts') },
        { find: 'scenefoley/player', replacement: join(root, 'runtime/player.ts') },
        { find: 'scenefoley/dev-client', replacement: join(root, 'bake/rollup/dev-client.ts') },
      ],
    },
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
    plugins,
  };
}
