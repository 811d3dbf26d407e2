/** Hands: lift the crate one looks at, carry it in front of the eyes, throw it. */
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Crate, Crates } from '../room/crates.ts';
import type { Stage } from '../room/stage.ts';

export interface Hands {
  readonly isFull: boolean;
  /** Lifts the crate at that point of the canvas, or in the middle of the view. @returns false: there is none in reach. */
  lift(x?: number, y?: number): boolean;
  throw(): void;
}

/** Metres. */
const REACH = 3.4;
const CARRY = 1.5;
/** Metres a second. */
const THROW = 7.5;

export function createHands({ scene, eyes, engine }: Stage, crates: Crates): Hands {
  let held: Crate | null = null;

  function ahead(): Vector3 {
    return eyes.getDirection(Vector3.Forward());
  }

  scene.onBeforeStepObservable.add(() => {
    if (!held) return;
    if (held.mesh.isDisposed()) {
      held = null;
      return;
    }
    const target = eyes.position.add(ahead().scale(CARRY));
    target.y = Math.max(0.5, target.y - 0.25);
    held.body.setLinearVelocity(
      target.subtractInPlace(held.mesh.absolutePosition).scaleInPlace(14),
    );
    held.body.setAngularVelocity(held.body.getAngularVelocity().scale(0.8));
  });

  return {
    get isFull() {
      return held !== null;
    },
    lift(x, y) {
      if (held) return false;
      const canvas = engine.getRenderingCanvas();
      const [px, py] = [x ?? (canvas?.clientWidth ?? 0) / 2, y ?? (canvas?.clientHeight ?? 0) / 2];
      const ray = scene.createPickingRay(px, py, Matrix.Identity(), scene.activeCamera);
      const { pickedMesh } = scene.pickWithRay(ray) ?? {};
      const crate = crates.crateOf(pickedMesh);
      const isNear = crate && Vector3.Distance(crate.mesh.absolutePosition, eyes.position) <= REACH;
      held = isNear ? crate : null;
      return held !== null;
    },
    throw() {
      held?.body.setLinearVelocity(ahead().scaleInPlace(THROW).addInPlaceFromFloats(0, 1.2, 0));
      held = null;
    },
  };
}
