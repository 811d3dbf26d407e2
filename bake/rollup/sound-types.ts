/**
 * The declarations that make names of sounds known to TypeScript.
 *
 *   SoundMap ──▶ sounds.yaml.d.ts:  interface SceneFoleySoundNames { step: true; 'door-slams': true }
 *                                   declare module 'virtual:scenefoley' { … }
 *
 * One file, without imports at its top, so that both are global. Names are data: they are quoted, never spliced in as code.
 */
import type { SoundMap } from '../../plugin/sound-definition.ts';

const MODULE = `declare module 'virtual:scenefoley' {
  import type { FoleyOptions } from 'scenefoley';

  /** Name of a sound of the map. */
  export type SoundName = keyof SceneFoleySoundNames;
  /** Hand it to createFoley, or spread it beside other options. */
  const options: {
    baked: NonNullable<FoleyOptions['baked']>;
    /** Address of the sound map. */
    sounds: string;
    model: string;
    live: boolean;
  };
  export default options;
  /**
   * Tells of other sounds while Vite's development server runs: the map was edited, or more of it is baked. Never in a build.
   * @returns takes the listener back
   */
  export function onSounds(listener: (next: typeof options) => void): () => void;
}`;

/** @returns the text of a .d.ts file; the same map, the same text. */
export function soundTypesOf(map: SoundMap, soundMapName: string): string {
  const names = [...map.sounds.keys()].sort().map((name) => `  ${JSON.stringify(name)}: true;`);
  return [
    `// Made by scenefoley/rollup from ${JSON.stringify(soundMapName)}. What is changed here is lost.`,
    '/* eslint-disable */',
    'interface SceneFoleySoundNames {',
    ...names,
    '}',
    MODULE,
    '',
  ].join('\n');
}
