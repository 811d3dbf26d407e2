/**
 * Sounds' places, written into a glTF file: node extras for any engine, MSFT_audio_emitter on request.
 *
 *   scene.glb: nodes that say their sound ─┐
 *   manifest: sound → takes → files ───────┴─▶ nodes that say all that it takes to play them ─▶ scene.glb
 *
 *   extras.scenefoley = { sound, prompt, volume, attenuation, loop, model, licence, takes: [{ prompt, seed, duration, files }] }
 *
 * Nothing else of the file changes. What was placed before is placed anew: the same file twice is the same file.
 */
import type { BakeManifest, ManifestTake } from './contract.ts';
import type { FileFormat } from './formats.ts';
import type { Gltf, GltfNode } from './gltf/glb.ts';
import { addAudioEmitters, MSFT_AUDIO, type Sounding } from './gltf/msft-audio.ts';
import { type Placement, placementsOf, type SoundDefinitions } from './gltf/placement.ts';

export interface PlaceOptions {
  manifest: BakeManifest;
  /** What the sound map says of volume and attenuation; empty: the plugin's defaults. */
  definitions: SoundDefinitions;
  /** A file of the manifest → its address as seen from the glTF file. */
  uriOf: (path: string) => string;
  /** Write MSFT_audio_emitter too, from files of this format; null: extras alone. */
  msftAudio: { format: FileFormat; read: (path: string) => Promise<Uint8Array> } | null;
}

export interface Placed {
  gltf: Gltf;
  soundings: { node: string; sound: string; takes: number }[];
}

/** @throws Error that names the node, and what to do */
export async function placeSounds(source: Gltf, options: PlaceOptions): Promise<Placed> {
  const gltf = structuredClone(source);
  const placements = placementsOf(gltf.json, options.definitions);
  const told = placements.map((placement) => ({ placement, takes: takesOf(placement, options) }));
  for (const { placement, takes } of told) {
    const node = gltf.json.nodes?.[placement.node];
    if (node !== undefined) node.extras = extrasOf(node, placement, takes, options);
  }
  if (options.msftAudio !== null) {
    const soundings: Sounding[] = [];
    for (const one of told) soundings.push(await soundingOf(one, options, options.msftAudio));
    refuseTwice(
      gltf,
      told.map(({ placement }) => placement),
    );
    addAudioEmitters(gltf, soundings);
  }
  const soundings = told.map(({ placement: { name, sound }, takes }) => ({
    node: name,
    sound,
    takes: takes.length,
  }));
  return { gltf, soundings };
}

function takesOf({ name, sound, prompt }: Placement, { manifest }: PlaceOptions): ManifestTake[] {
  const all = Object.hasOwn(manifest.sounds, sound) ? manifest.sounds[sound] : undefined;
  const takes = all?.filter((take) => prompt === null || take.prompt === prompt) ?? [];
  if (takes.length > 0) return takes;
  const wanted = prompt === null ? `'${sound}'` : `'${sound}' as '${prompt}'`;
  const names = Object.keys(manifest.sounds).slice(0, 8).join(', ');
  throw new Error(
    `gltf: '${name}' is to sound like ${wanted}, which is not baked. Baked: ${names}.`,
  );
}

function extrasOf(
  { extras }: GltfNode,
  { sound, prompt, volume, attenuation }: Placement,
  takes: readonly ManifestTake[],
  { manifest: { model }, uriOf }: PlaceOptions,
) {
  const scenefoley = {
    ...{ sound, prompt, volume, attenuation, loop: isLoop(takes) },
    ...{ model: model.name, licence: model.licence },
    takes: takes.map((take) => ({
      prompt: take.prompt,
      seed: take.seed,
      duration: take.duration,
      files: Object.fromEntries(
        Object.entries(take.files).map(([format, path]) => [format, uriOf(path)]),
      ),
    })),
  };
  return { ...(extras as object | undefined), scenefoley };
}

async function soundingOf(
  { placement, takes }: { placement: Placement; takes: readonly ManifestTake[] },
  { uriOf }: PlaceOptions,
  { format, read }: NonNullable<PlaceOptions['msftAudio']>,
): Promise<Sounding> {
  const clips = [];
  for (const { files } of takes) {
    const path = files[format];
    if (path === undefined) {
      throw new Error(
        `gltf: '${placement.sound}' has no file in ${format}. Bake with --format ${format}, or take another (--format).`,
      );
    }
    clips.push({ uri: uriOf(path), format, bytes: await read(path) });
  }
  return { placement, isLoop: isLoop(takes), clips };
}

function isLoop(takes: readonly ManifestTake[]): boolean {
  return takes.every(({ loop }) => loop !== null);
}

/** Clips would be there twice. */
function refuseTwice({ json }: Gltf, placements: readonly Placement[]): void {
  const twice = placements.find(
    ({ node }) => json.nodes?.[node]?.extensions?.[MSFT_AUDIO] !== undefined,
  );
  if (twice === undefined) return;
  throw new Error(
    `gltf: '${twice.name}' has ${MSFT_AUDIO} already. Begin with the file as it was exported.`,
  );
}
