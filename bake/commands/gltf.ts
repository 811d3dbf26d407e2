/**
 * `gltf`: baked sounds at their places in a glTF scene.
 *
 *   scene.glb + assets/manifest.json (+ sounds.yaml) ──▶ out.glb: node extras, and MSFT_audio_emitter with --msft-audio
 */
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import type { ParsedArgs } from 'citty';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { messageOf } from '../../runtime/errors.ts';
import { createCommand } from '../command/plain-command.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { FileFormat } from '../formats.ts';
import { readGltf, writeGltf } from '../gltf/glb.ts';
import { type Placed, placeSounds } from '../gltf.ts';
import { readManifest } from '../manifest.ts';

const ARGS = {
  scene: { type: 'positional', description: '.glb or .gltf to read', required: false },
  output: { type: 'string', alias: 'o', description: 'File to write, of the same kind' },
  sounds: { type: 'string', description: 'Folder that was baked into, or its manifest' },
  map: { type: 'string', description: 'Sound map: volumes and attenuation come from there' },
  'msft-audio': { type: 'boolean', description: 'Also write MSFT_audio_emitter, for Babylon.js' },
  format: { type: 'string', description: 'Of its clips: wav, flac or opus', default: 'wav' },
} as const;

type Args = ParsedArgs<typeof ARGS>;

const FORMATS: readonly string[] = ['wav', 'flac', 'opus'] satisfies FileFormat[];
const NOTHING =
  "gltf: no node says its sound. Call one 'sound:NAME', or give it the custom property scenefoley = NAME.";

export const runGltf = createCommand({
  name: 'gltf',
  about: 'Writes baked sounds into a glTF scene, at their nodes',
  args: ARGS,
  words: { most: 1, missing: 'one scene, a .glb or .gltf. See --help.' },
  async run([scene = ''], args, { print, printError }) {
    const { soundings, file } = await place(scene, args);
    for (const { node, sound, takes } of soundings) print(`${node}: ${sound}, takes: ${takes}`);
    print(`${file}: nodes that sound: ${soundings.length}`);
    if (soundings.length === 0) printError(NOTHING);
  },
});

async function place(path: string, args: Args): Promise<Placed & { file: string }> {
  const { scene, file, assets, format } = checked(path, args);
  const { manifest, folder } = await readManifest(assets);
  const source = readGltf(await read(scene), scene);
  const placed = await placeSounds(source, {
    manifest,
    definitions: args.map === undefined ? new Map() : await definitionsOf(resolve(args.map)),
    uriOf: (asset) => uriTo(relative(dirname(file), join(folder, asset))),
    msftAudio: args['msft-audio'] ? { format, read: (asset) => read(join(folder, asset)) } : null,
  });
  await writeWhole(file, writeGltf(placed.gltf)).catch((error: unknown) => {
    throw new Error(`gltf: ${file} cannot be written: ${messageOf(error)}. Choose another place.`);
  });
  return { ...placed, file };
}

function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new Error(`gltf: ${path} cannot be read: ${messageOf(error)}. Check its path.`);
  });
}

function checked(scene: string, { output, sounds, format }: Args) {
  if (sounds === undefined) throw new Error('gltf: no --sounds. Say where sounds were baked to.');
  if (output === undefined) throw new Error('gltf: no -o. Say which file to write.');
  if (extname(scene).toLowerCase() !== extname(output).toLowerCase()) {
    throw new Error(`gltf: ${output} must be of the kind of ${scene}. Convert with another tool.`);
  }
  if (!FORMATS.includes(format)) {
    throw new Error(
      `gltf: --format must be ${FORMATS.join(', ')}, got '${format}'. Correct the option.`,
    );
  }
  const paths = { scene: resolve(scene), file: resolve(output), assets: resolve(sounds) };
  return { ...paths, format: format as FileFormat };
}

async function definitionsOf(path: string) {
  return (await parseSoundMap((await read(path)).toString('utf8'), path)).sounds;
}

/** A path as a URI: what means something else there ('#', '%', '?', a space) is escaped. */
function uriTo(path: string): string {
  return path.split(sep).map(encodeURIComponent).join('/');
}
