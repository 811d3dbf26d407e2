/** A scene with nodes that sound, and what was baked for it. */
import type { BakeManifest, ManifestTake } from '../../../bake/contract.ts';
import type { Gltf, GltfNode } from '../../../bake/gltf/glb.ts';

const HASH = 'ab'.repeat(32);

function take(prompt: string, seed: number, isLoop: boolean): ManifestTake {
  const name = `${prompt.replaceAll(' ', '-')}-${seed}`;
  return {
    ...{ prompt, seed, soundKey: HASH, duration: 0.5, sampleRate: 32000, faults: [] },
    ...{ loudness: -20, truePeak: -1, loop: isLoop ? { start: 0, end: 16000 } : null },
    files: { foley: 'sounds.foley', wav: `${name}.wav`, opus: `${name}.opus` },
  };
}

export const MANIFEST: BakeManifest = {
  ...{ formatVersion: 1, soundMap: 'sounds.yaml', hash: HASH, files: [] },
  model: { name: 'foley-tiny', licence: 'MIT', commercialUse: true, hash: HASH },
  sounds: {
    fire: [take('a fire', 0, true)],
    door: [
      take('a wooden door', 0, false),
      take('a wooden door', 1, false),
      take('a gate', 0, false),
    ],
    music: [take('a hum', 0, true)],
  },
};

export function sceneOf(nodes: GltfNode[]): Gltf {
  const scenes = [{ nodes: nodes.map((_, i) => i) }];
  return {
    json: { asset: { version: '2.0' }, scene: 0, scenes, nodes },
    binary: new Uint8Array(0),
  };
}
