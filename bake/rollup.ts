/**
 * `scenefoley/rollup`: one plugin for rollup and for Vite.
 *
 *   import options from 'virtual:scenefoley'      ──▶ { baked, sounds, model, live }, for createFoley
 *
 *   rollup, vite build   baked, then hashed files in the bundle       rollup/bundle.ts, rollup/without-model.ts
 *   vite                 baked while the page runs, edits are heard   rollup/dev.ts
 *   both                 names of sounds for TypeScript               rollup/types-file.ts
 */
import { readFile } from 'node:fs/promises';
import { parseSoundMap } from '../plugin/sound-map.ts';
import { buildErrorOf } from './rollup/build-error.ts';
import { bundleSounds } from './rollup/bundle.ts';
import { type DevSounds, startDevSounds } from './rollup/dev.ts';
import type { BuildContext, DevServer, ViteConfig } from './rollup/hooks.ts';
import {
  completeOptions,
  type PluginSettings,
  type SceneFoleyOptions,
} from './rollup/plugin-options.ts';
import { writeSoundTypes } from './rollup/types-file.ts';
import { withoutModel } from './rollup/without-model.ts';

export type { SceneFoleyOptions } from './rollup/plugin-options.ts';

/** Fits rollup's `Plugin` and Vite's. */
export interface SceneFoleyPlugin {
  name: 'scenefoley';
  config(): object;
  configResolved(config: ViteConfig): void;
  configureServer(server: DevServer): void;
  buildStart(this: BuildContext): Promise<void>;
  resolveId(id: string): string | null;
  load(this: BuildContext, id: string): Promise<string | null>;
  closeBundle(): Promise<void>;
}

const MODULE = 'virtual:scenefoley';
/** As is the custom: with a null byte, so that no other plugin takes it for a file. */
const RESOLVED = `\0${MODULE}`;
/** Where rollup has assets by itself. */
const ASSETS = 'assets';
/** They start workers and fetch files from where they lie. */
const NOT_PREBUNDLED = { optimizeDeps: { exclude: ['scenefoley', 'onnxruntime-web'] } };

/** @throws RangeError for a bad option */
export function sceneFoley(options: SceneFoleyOptions): SceneFoleyPlugin {
  let settings: PluginSettings = completeOptions(options, process.cwd());
  let assets = ASSETS;
  let dev: DevSounds | undefined;
  /** The development server has all of it at hand. */
  const shipsModel = () => dev !== undefined || settings.ship !== 'decoder';

  return {
    name: 'scenefoley',
    config: () => NOT_PREBUNDLED,
    configResolved({ root, build }) {
      settings = completeOptions(options, root);
      assets = build.assetsDir;
    },
    configureServer(server) {
      dev = startDevSounds(server, settings);
    },
    async buildStart() {
      if (dev !== undefined) return;
      if (this.meta.watchMode) this.addWatchFile(settings.soundMap);
      await failing(this, settings, async () => {
        const text = await readFile(settings.soundMap, 'utf8');
        await writeSoundTypes(await parseSoundMap(text, settings.soundMap), settings);
      });
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : null),
    async load(id) {
      if (id !== RESOLVED) return shipsModel() ? null : withoutModel(id);
      const server = dev;
      if (server !== undefined) return failing(this, settings, server.moduleCode);
      if (this.meta.watchMode) this.addWatchFile(settings.soundMap);
      return failing(this, settings, () => bundleSounds(this, settings, assets));
    },
    closeBundle: async () => dev?.dispose(),
  };
}

/** What is wrong ends the build, with its place. */
async function failing<T>(
  context: BuildContext,
  { soundMap }: PluginSettings,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return context.error(buildErrorOf(error, soundMap));
  }
}
