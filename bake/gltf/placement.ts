/**
 * Which nodes of a glTF file sound, and how: what the scene's maker wrote over what the sound map says.
 *
 *   node.extras.scenefoley   'fire', or { sound: 'fire', prompt?, volume?, attenuation? }
 *   node.name                'sound:fire', 'sound:fire.001' (an exporter's number for a name that was taken)
 *
 * Extras go before the name. `prompt`: only takes of these words. `attenuation`: fields as in the sound map, null for the same
 * in both ears.
 */
import * as v from 'valibot';
import { withDefaults } from '../../plugin/adapter.ts';
import type { SoundAttenuation, SoundDefinition } from '../../plugin/sound-definition.ts';
import type { GltfJson, GltfNode } from './glb.ts';

export interface Placement {
  /** Its number in the file. */
  node: number;
  /** Its name, or its number where it has none. */
  name: string;
  sound: string;
  /** null: any of the sound's. */
  prompt: string | null;
  /** Linear. */
  volume: number;
  /** null: not in space. */
  attenuation: SoundAttenuation | null;
}

/** Of the sound map, by name; empty where none was given. */
export type SoundDefinitions = ReadonlyMap<string, Pick<SoundDefinition, 'volume' | 'attenuation'>>;

const number = v.optional(v.number());
const AttenuationSchema = v.object({
  model: v.optional(v.picklist(['inverse', 'linear', 'exponential'])),
  refDistance: number,
  maxDistance: number,
  rolloff: number,
  panningModel: v.optional(v.picklist(['equalpower', 'HRTF'])),
  cone: v.nullish(
    v.object({ inner: v.number(), outer: v.number(), outerGain: v.optional(v.number(), 0.25) }),
  ),
});

const NodeSoundSchema = v.object({
  sound: v.string(),
  prompt: v.nullish(v.string()),
  volume: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  attenuation: v.nullish(AttenuationSchema),
});

type NodeSound = v.InferOutput<typeof NodeSoundSchema>;

const IN_NAME = /^sound:(.+?)(\.\d+)?$/;

/** @throws Error that names the node and the field */
export function placementsOf({ nodes = [] }: GltfJson, definitions: SoundDefinitions): Placement[] {
  return nodes.flatMap((node, index) => {
    const name = node.name ?? `node ${index}`;
    const told = toldBy(node, name);
    return told === undefined ? [] : [placementOf(index, name, told, definitions)];
  });
}

function toldBy({ name = '', extras }: GltfNode, called: string): NodeSound | undefined {
  const written = (extras as { scenefoley?: unknown } | undefined)?.scenefoley;
  if (written === undefined) {
    const sound = IN_NAME.exec(name)?.[1];
    return sound === undefined ? undefined : { sound };
  }
  const data = typeof written === 'string' ? { sound: written } : written;
  const result = v.safeParse(NodeSoundSchema, data, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = ['extras.scenefoley', v.getDotPath(issue)].filter(Boolean).join('.');
  throw new Error(`gltf: '${called}', ${field}: ${issue.message}. See docs/formats.md.`);
}

function placementOf(
  node: number,
  name: string,
  { sound, prompt, volume, attenuation }: NodeSound,
  definitions: SoundDefinitions,
): Placement {
  const defined = definitions.get(sound);
  if (definitions.size > 0 && defined === undefined) {
    throw new Error(
      `gltf: '${name}' is to sound like '${sound}', which the sound map has not. Correct either.`,
    );
  }
  const place = {
    node,
    name,
    sound,
    prompt: prompt ?? null,
    volume: volume ?? defined?.volume ?? 1,
  };
  if (attenuation === null) return { ...place, attenuation: null };
  const isFlat = attenuation === undefined && defined !== undefined && defined.attenuation === null;
  if (isFlat) return { ...place, attenuation: null };
  return { ...place, attenuation: withDefaults({ ...defined?.attenuation, ...attenuation }) };
}
