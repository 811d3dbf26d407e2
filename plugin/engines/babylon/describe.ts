/** What a Babylon node is, in words: its name, tags, material and metadata; and what of a scene can be heard. */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { SceneContent } from '../../adapter.ts';
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
function dataOf(metadata: unknown): Readonly<Record<string, unknown>> {
  if (typeof metadata !== 'object' || metadata === null) return NO_DATA;
  const { gltf, ...own } = metadata as { gltf?: { extras?: object | null } | null };
  return { ...gltf?.extras, ...own };
}

const NO_DATA = Object.freeze({});

/** Meshes and transform nodes. */
export function* contentsOf(scene: Scene): Iterable<SceneContent> {
  for (const node of [...scene.meshes, ...scene.transformNodes]) {
    const { boundingSphere } = (node as Partial<AbstractMesh>).getBoundingInfo?.() ?? {};
    const point = boundingSphere?.centerWorld ?? node.getAbsolutePosition();
    yield { object: describe(node), point, radius: boundingSphere?.radiusWorld ?? 0 };
  }
}

export function findNode(scene: Scene, id: string): Node | null {
  const uniqueId = Number(id);
  return scene.getNodes().find((node) => node.uniqueId === uniqueId) ?? null;
}
