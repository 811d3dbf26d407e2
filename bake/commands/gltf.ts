/**
 * `gltf`: baked sounds at their places in a glTF scene.
 *
 *   scene.glb + assets/manifest.json (+ sounds.yaml) ──▶ out.glb: node extras, and MSFT_audio_emitter with --msft-audio
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import { defineCommand, type ParsedArgs, renderUsage } from 'citty';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { messageOf } from '../../runtime/errors.ts';
import { EXIT, type ExitCode, fromCaller, type Output, readArgs } from '../command.ts';
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

const COMMAND = defineCommand({
  meta: { name: 'gltf', description: 'Writes baked sounds into a glTF scene, at their nodes' },
  args: ARGS,
});
const FORMATS: readonly string[] = ['wav', 'flac', 'opus'] satisfies FileFormat[];

export async function runGltf(rawArgs: string[], { print, printError }: Output): Promise<ExitCode> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    print(await renderUsage(COMMAND));
    return EXIT.OK;
  }
  try {
    const { soundings, file } = await place(readArgs('gltf', rawArgs, ARGS));
    for (const { node, sound, takes } of soundings) print(`${node}: ${sound}, takes: ${takes}`);
    print(`${file}: nodes that sound: ${soundings.length}`);
    if (soundings.length === 0) printError(NOTHING);
    return EXIT.OK;
  } catch (error) {
    printError(messageOf(error));
    return EXIT.ERROR;
  }
}

const NOTHING =
  "gltf: no node says its sound. Call one 'sound:NAME', or give it the custom property scenefoley = NAME.";

async function place(args: Args): Promise<Placed & { file: string }> {
  const { scene, file, format } = checked(args);
  const { manifest, folder } = await readManifest(fromCaller(args.sounds ?? ''));
  const source = readGltf(await readFile(scene), scene);
  const placed = await placeSounds(source, {
    manifest,
    definitions: args.map === undefined ? new Map() : await definitionsOf(fromCaller(args.map)),
    uriOf: (path) => relative(dirname(file), join(folder, path)).split(sep).join('/'),
    msftAudio: args['msft-audio'] ? { format, read: (path) => readFile(join(folder, path)) } : null,
  });
  await writeFile(file, writeGltf(placed.gltf));
  return { ...placed, file };
}

function checked({ scene, output, sounds, format, _: words }: Args) {
  if (scene === undefined || words.length > 1)
    throw new Error('gltf: one scene, a .glb or .gltf. See --help.');
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
  return { scene: fromCaller(scene), file: fromCaller(output), format: format as FileFormat };
}

async function definitionsOf(path: string) {
  return (await parseSoundMap(await readFile(path, 'utf8'), path)).sounds;
}
