/**
 * The extension MSFT_audio_emitter: sounds inside a glTF file, which Babylon's loader makes and attaches to their nodes.
 *
 *   extensions.MSFT_audio_emitter   clips: [{ bufferView | uri, mimeType }]    each file once
 *                                   emitters: [{ name, loop, volume, …, clips: [{ clip, weight }] }]
 *   node or scene                   extensions.MSFT_audio_emitter: { emitters: [number] }
 *
 * What Babylon 9's loader asks for: an emitter of its own for each node (it attaches an emitter's sounds to the last node
 * that names it), cone angles in radians from the axis, no rolloff of 0 (it takes that for 1), no distances on a scene.
 * Its clips are WAV by the extension's text; what the browser decodes plays all the same.
 */
import type { FileFormat } from '../formats.ts';
import { appendBytes, type Gltf, type GltfJson } from './glb.ts';
import type { Placement } from './placement.ts';

export const MSFT_AUDIO = 'MSFT_audio_emitter';

export interface Clip {
  /** Relative to the glTF file. */
  uri: string;
  format: FileFormat;
  bytes: Uint8Array;
}

export interface Sounding {
  placement: Placement;
  isLoop: boolean;
  clips: readonly Clip[];
}

interface Emitter {
  name: string;
  loop: boolean;
  volume: number;
  clips: { clip: number; weight: number }[];
  distanceModel?: string;
  refDistance?: number;
  maxDistance?: number;
  rolloffFactor?: number;
  innerAngle?: number;
  outerAngle?: number;
}

interface Extension {
  clips: object[];
  emitters: Emitter[];
}

const MIME_TYPES: Readonly<Record<FileFormat, string>> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  opus: 'audio/ogg',
};
const LEAST_ROLLOFF = 1e-6;

/** Changes `gltf`: clips go into a .glb, and are named by their address in a .gltf. */
export function addAudioEmitters(gltf: Gltf, soundings: readonly Sounding[]): void {
  if (soundings.length === 0) return;
  const { json } = gltf;
  const extension = extensionOf(json);
  const places = new Map<string, number>();
  for (const { placement, isLoop, clips } of soundings) {
    const numbers = clips.map((clip) => clipNumber(gltf, extension, places, clip));
    extension.emitters.push(emitterOf(placement, isLoop, numbers));
    attach(json, placement, extension.emitters.length - 1);
  }
  const { extensionsUsed = [] } = json;
  json.extensionsUsed = [...new Set([...extensionsUsed, MSFT_AUDIO])];
}

/** What the file has already is kept. */
function extensionOf(json: GltfJson): Extension {
  json.extensions ??= {};
  const there = json.extensions[MSFT_AUDIO] as Partial<Extension> | undefined;
  const extension = { clips: there?.clips ?? [], emitters: there?.emitters ?? [] };
  json.extensions[MSFT_AUDIO] = extension;
  return extension;
}

function clipNumber(
  gltf: Gltf,
  { clips }: Extension,
  places: Map<string, number>,
  { uri, format, bytes }: Clip,
): number {
  const known = places.get(uri);
  if (known !== undefined) return known;
  const mimeType = MIME_TYPES[format];
  const { json, binary } = gltf;
  if (binary === null) clips.push({ uri, mimeType });
  else {
    const whole = { json, binary };
    clips.push({ bufferView: appendBytes(whole, bytes), mimeType });
    gltf.binary = whole.binary;
  }
  places.set(uri, clips.length - 1);
  return clips.length - 1;
}

function emitterOf(placement: Placement, isLoop: boolean, clips: number[]): Emitter {
  const { sound, name, volume, attenuation } = placement;
  const weight = 1 / clips.length;
  const emitter = {
    name: `${sound}@${name}`,
    loop: isLoop,
    volume,
    clips: clips.map((clip) => ({ clip, weight })),
  };
  if (attenuation === null) return emitter;
  const { model, refDistance, maxDistance, rolloff, cone } = attenuation;
  const distance = { distanceModel: model, refDistance, maxDistance };
  const angles = cone && { innerAngle: radians(cone.inner), outerAngle: radians(cone.outer) };
  return { ...emitter, ...distance, rolloffFactor: Math.max(LEAST_ROLLOFF, rolloff), ...angles };
}

/** Degrees of the whole cone → radians from its axis. */
function radians(degrees: number): number {
  return (degrees / 2) * (Math.PI / 180);
}

/** To its node; what is not in space to the scene that is shown. */
function attach(json: GltfJson, { node, name, attenuation }: Placement, emitter: number): void {
  const holder = attenuation === null ? json.scenes?.[json.scene ?? 0] : json.nodes?.[node];
  if (holder === undefined) throw new Error(`gltf: no scene to put '${name}' into. Add one.`);
  const there = holder.extensions?.[MSFT_AUDIO] as { emitters: number[] } | undefined;
  const emitters = [...(there?.emitters ?? []), emitter];
  holder.extensions = { ...holder.extensions, [MSFT_AUDIO]: { emitters } };
}
