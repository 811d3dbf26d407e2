/** The ear of a Babylon scene: AudioV2's listener on the active camera. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Seconds } from '../../../runtime/contract.ts';
import type { Ear } from '../../adapter.ts';

export interface FollowingEar {
  /** Moves the ear to the active camera; unless you have attached the listener to something of yours. */
  follow(): void;
  /** Lets go of the listener: whoever uses the engine next would take the old camera for one of yours. */
  dispose(): void;
}

export function createEar(scene: Scene, engine: AudioEngineV2): FollowingEar {
  let attached: Node | null = null;
  let quietUntil: Seconds = 0;

  function follow(): void {
    const { listener } = engine;
    const camera = scene.activeCamera;
    const ours = !listener.isAttached || listener.attachedNode === attached;
    if (!ours || camera === null || engine.currentTime < quietUntil) return;
    if (!listener.isAttached || camera !== attached) {
      listener.attach(camera);
      attached = camera;
    }
    listener.update();
    quietUntil = engine.currentTime + engine.parameterRampDuration;
  }

  return {
    follow,
    dispose() {
      const { listener } = engine;
      if (attached !== null && listener.attachedNode === attached) listener.detach();
    },
  };
}

/** Where the listener is attached, as soon as it is; until then the active camera; at the origin without one. */
export function earOf(scene: Scene, engine: AudioEngineV2): Ear {
  const node = engine.listener.attachedNode ?? scene.activeCamera;
  const world = node?.getWorldMatrix() ?? Matrix.IdentityReadOnly;
  const inWorld = (direction: Vector3) => Vector3.TransformNormal(direction, world).normalize();
  return {
    position: world.getTranslation(),
    forward: inWorld(Vector3.Forward(scene.useRightHandedSystem)),
    up: inWorld(Vector3.Up()),
    right: inWorld(Vector3.Right()),
  };
}
