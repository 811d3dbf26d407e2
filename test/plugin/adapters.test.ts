/** The adapters there are, each in a world of its own, put through adapter-suite.ts. */
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { EngineAdapter } from '../../plugin/adapter.ts';
import { createBabylonAdapter } from '../../plugin/engines/babylon.ts';
import { createNullAdapter } from '../../plugin/engines/null.ts';
import type { PlainNode } from '../../plugin/engines/plain-scene.ts';
import { testAdapter, type World } from './adapter-suite.ts';
import { threeWorld, webAudioWorld } from './adapter-worlds.ts';
import { createBody, DYNAMIC, enableFakePhysics, STATIC } from './fake-physics.ts';
import { createAudioEngine, createScene, installFakePage } from './headless-babylon.ts';
import { offlineContext } from './web-audio.ts';

installFakePage();

async function babylonWorld(): Promise<World<TransformNode>> {
  const context = offlineContext(1);
  const scene = createScene();
  const audioEngine = await createAudioEngine(context);
  const adapter = await createBabylonAdapter(scene, { audioEngine });
  const { collide } = enableFakePhysics(scene);
  const crate = createBody(scene, 'crate', DYNAMIC, { material: 'wood' });
  const floor = createBody(scene, 'floor', STATIC, { material: 'stone' });
  return {
    adapter: adapter as EngineAdapter<unknown> as EngineAdapter<TransformNode>,
    context,
    addNode(at, forward = { x: 0, y: 0, z: 1 }) {
      const node = new TransformNode('node', scene);
      node.position.set(at.x, at.y, at.z);
      const turn = Math.atan2(forward.x, forward.z);
      node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), turn);
      return node;
    },
    moveNode: (node, { x, y, z }) => void node.position.set(x, y, z),
    removeNode: (node) => node.dispose(),
    tick: () => void scene.render(),
    images: true,
    emit: ({ impulse }) => collide(crate, floor, impulse),
  };
}

async function nullWorld(): Promise<World<PlainNode>> {
  const adapter = createNullAdapter();
  return {
    adapter,
    context: offlineContext(1),
    addNode: (at) => adapter.addNode({ ...at }),
    moveNode: (node, to) => void Object.assign(node, to),
    removeNode: (node) => adapter.removeNode(node),
    tick: () => {},
    images: false,
    emit: (event) => adapter.emit(event),
  };
}

testAdapter('babylon', babylonWorld);
testAdapter('webaudio', webAudioWorld);
testAdapter('three', threeWorld);
testAdapter('null', nullWorld, false);
