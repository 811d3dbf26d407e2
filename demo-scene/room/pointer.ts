/** A click or a tap in the scene: pushes a crate, moves the door, asks the fire or the gramophone. */
import { PointerEventTypes } from '@babylonjs/core/Events/pointerEvents.js';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { roleOf } from './tags.ts';

export interface Tap {
  mesh: AbstractMesh;
  /** See tags.ts: 'crate', 'door', 'fire', 'gramophone', 'room'. */
  role: string;
  point: Vector3;
  /** From the eye into the scene, length 1. */
  direction: Vector3;
}

/** A drag turns the camera and is no tap. */
export function onTap(scene: Scene, listener: (tap: Tap) => void): void {
  scene.onPointerObservable.add(({ pickInfo }) => {
    const { pickedMesh: mesh, pickedPoint: point, ray } = pickInfo ?? {};
    if (!mesh || !point || !ray) return;
    listener({ mesh, role: roleOf(mesh), point, direction: ray.direction.normalizeToNew() });
  }, PointerEventTypes.POINTERTAP);
}
