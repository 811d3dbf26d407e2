/** What a Babylon node is, in words: its name, tags, material and metadata. */
import type { Node } from '@babylonjs/core/node.js';
import type { SceneObject } from '../../scene-event.ts';

interface Described {
  metadata: unknown;
  material?: { name: string; metadata: unknown } | null;
  _tags?: Record<string, boolean>;
}

/** Material: metadata.material, glTF extras.material, the same of the node's material, that material's name, the first tag. */
export function describe(node: Node): SceneObject {
  const { metadata, material, _tags } = node as unknown as Described;
  const tags = Object.keys(_tags ?? {});
  const word =
    materialIn(metadata) ?? materialIn(material?.metadata) ?? material?.name ?? tags[0] ?? '';
  return {
    id: String(node.uniqueId),
    name: node.name,
    material: word,
    tags,
    data: dataOf(metadata),
  };
}

function materialIn(metadata: unknown): string | undefined {
  const { material, gltf } = (metadata ?? {}) as {
    material?: unknown;
    gltf?: { extras?: { material?: unknown } | null } | null;
  };
  const word = material ?? gltf?.extras?.material;
  return typeof word === 'string' && word !== '' ? word : undefined;
}

/** Metadata over glTF extras. */
export function dataOf(metadata: unknown): Readonly<Record<string, unknown>> {
  if (typeof metadata !== 'object' || metadata === null) return NO_DATA;
  const { gltf, ...own } = metadata as { gltf?: { extras?: object | null } | null };
  return { ...gltf?.extras, ...own };
}

const NO_DATA = Object.freeze({});
