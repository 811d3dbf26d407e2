/** The adapters that need no page around them, each in a world of its own for adapter-suite.ts; in Node and in a browser. */
import { Group, Object3D, PerspectiveCamera } from 'three';
import type { PlainNode } from '../../plugin/engines/plain-scene.ts';
import { createThreeAdapter } from '../../plugin/engines/three.ts';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import type { World } from './adapter-suite.ts';
import { offlineContext } from './offline.ts';

export async function webAudioWorld(): Promise<World<PlainNode>> {
  const context = offlineContext(1);
  const adapter = createWebAudioAdapter({ context });
  return {
    adapter,
    context,
    addNode: (at, forward) => adapter.addNode({ ...at, forward } as PlainNode, { name: 'node' }),
    moveNode: (node, to) => void Object.assign(node, to),
    removeNode: (node) => adapter.removeNode(node),
    tick: () => adapter.update(),
    images: true,
    emit: (event) => adapter.emit(event),
  };
}

export async function threeWorld(): Promise<World<Object3D>> {
  const context = offlineContext(1);
  const scene = new Group();
  const camera = new PerspectiveCamera();
  const adapter = createThreeAdapter(scene, { camera, context });
  const [crate, floor] = [new Object3D(), new Object3D()];
  scene.add(crate, floor);
  return {
    adapter,
    context,
    addNode(at, forward = { x: 0, y: 0, z: 1 }) {
      const node = new Object3D();
      node.position.set(at.x, at.y, at.z);
      node.rotation.y = Math.atan2(forward.x, forward.z);
      scene.add(node);
      return node;
    },
    moveNode: (node, { x, y, z }) => void node.position.set(x, y, z),
    removeNode(node) {
      node.removeFromParent();
      adapter.update();
    },
    tick: () => adapter.update(),
    images: true,
    emit: ({ impulse, point }) => adapter.contact({ a: crate, b: floor, point, impulse }),
  };
}
