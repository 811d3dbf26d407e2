/** What the build plugin is told, and what it then knows. */
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { GateSettings } from '../contract.ts';
import { EMBEDDED_MODEL } from '../node-pipeline.ts';
import { DEFAULT_GATE } from '../quality-gate.ts';

/** `undefined` means default. Paths are relative to the project: Vite's root, or where rollup was started. */
export interface SceneFoleyOptions {
  /** Path of the sound map, YAML or JSON. */
  soundMap: string;
  /** Folder of the model pack that sounds are made with. Default: the one that comes with scenefoley. */
  model?: string | undefined;
  /**
   * What of the model goes into the bundle. 'decoder' (default): what it takes to play baked sounds, 2 MB, and no code that could
   * make others. 'all': the whole pack, so that the game also makes what is not baked. An address: nothing; the whole pack lies there.
   */
  ship?: 'decoder' | 'all' | { at: string } | undefined;
  /** Folder for what is baked. Default: node_modules/.cache/scenefoley/. Name one to commit it, and use `check`. */
  output?: string | undefined;
  /** Bake nothing: the build fails where `output` is not what a bake would make. Default false. */
  check?: boolean | undefined;
  /** The build fails where the model's licence forbids commercial use. Default false. */
  release?: boolean | undefined;
  /** What a take must pass; false: everything passes. */
  gate?: Partial<GateSettings> | false | undefined;
  /** The build fails where a take does not pass, however often it was rolled; else it is a warning. Default false. */
  strict?: boolean | undefined;
  /** Worker threads, 1 to 64. Default: one a core, at most 4. */
  workers?: number | undefined;
  /** The .d.ts file with the names of sounds. Default: beside the sound map, 'sounds.yaml.d.ts'. False: none. */
  types?: string | false | undefined;
}

export type Shipped = 'decoder' | 'all' | { at: string };

/** Complete; paths absolute. */
export interface PluginSettings {
  root: string;
  soundMap: string;
  /** Path or file: URL. */
  model: string;
  ship: Shipped;
  output: string;
  check: boolean;
  release: boolean;
  gate: GateSettings | null;
  strict: boolean;
  workers: number;
  /** null: none. */
  types: string | null;
}

const MOST_WORKERS = 4;

/** @param root folder of the project @throws RangeError */
export function completeOptions(options: SceneFoleyOptions, root: string): PluginSettings {
  const { model, gate = {}, ship = 'decoder', check = false } = options;
  const { release = false, strict = false } = options;
  const soundMap = resolve(root, pathOf(options));
  const cache = join(root, 'node_modules', '.cache', 'scenefoley', basename(soundMap));
  return {
    root,
    soundMap,
    model: model === undefined ? EMBEDDED_MODEL.href : resolve(root, model),
    ship,
    output: options.output === undefined ? cache : resolve(root, options.output),
    ...{ check, release, strict },
    gate: gate === false ? null : { ...DEFAULT_GATE, ...defined(gate) },
    workers: options.workers ?? Math.min(availableParallelism(), MOST_WORKERS),
    types: typesOf(options.types, soundMap, root),
  };
}

function pathOf({ soundMap }: SceneFoleyOptions): string {
  if (typeof soundMap === 'string' && soundMap !== '') return soundMap;
  throw new RangeError(
    `scenefoley: soundMap must be the path of a sound map, got ${JSON.stringify(soundMap)}. Name one, like 'src/sounds.yaml'.`,
  );
}

function typesOf(types: SceneFoleyOptions['types'], soundMap: string, root: string): string | null {
  if (types === false) return null;
  if (types !== undefined) return resolve(root, types);
  return join(dirname(soundMap), `${basename(soundMap)}.d.ts`);
}

function defined(gate: Partial<GateSettings>): Partial<GateSettings> {
  return Object.fromEntries(Object.entries(gate).filter(([, value]) => value !== undefined));
}
