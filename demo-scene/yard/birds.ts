/** Two birds that fly from perch to perch at random moments and sing when they have landed. */
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { LAMP, YARD } from './plan.ts';

export interface Birds {
  /** Called when one sings, with the bird. */
  onSong?: (bird: Mesh) => void;
  /** Back to where they sat at first. */
  restart(): void;
}

const PERCHES = [
  new Vector3(YARD.left, 1.24, 9.1),
  new Vector3(YARD.right, 1.24, 10.8),
  new Vector3(0.3, 1.3, YARD.far),
  new Vector3(-4.9, 1.3, YARD.far),
  new Vector3(LAMP.x, LAMP.height + 0.42, LAMP.z),
  new Vector3(3.9, 4.62, 5.3),
];
/** Steps of 1/60 s between two songs: at least, and at most so many more. */
const REST = { least: 240, more: 420 } as const;
const FLIGHT_STEPS = 80;

export function createBirds(scene: Scene, random: () => number): Birds {
  const coat = new StandardMaterial('bird', scene);
  coat.diffuseColor = Color3.FromHexString('#2b2f3a');
  coat.emissiveColor = Color3.FromHexString('#0b0d12');
  coat.specularColor = Color3.Black();
  const lives = [2, 4].map((perch) => {
    const { bird, wings } = buildBird(scene, coat);
    return live({ bird, wings, perch, random, sing: () => birds.onSong?.(bird) });
  });
  const birds: Birds = {
    restart: () => {
      for (const life of lives) life.restart();
    },
  };
  scene.onBeforeStepObservable.add(() => {
    for (const life of lives) life.step();
  });
  return birds;
}

interface Life {
  bird: Mesh;
  wings: readonly Mesh[];
  /** Where it sits at first. */
  perch: number;
  random: () => number;
  sing: () => void;
}

function live({ bird, wings, perch, random, sing }: Life) {
  const from = new Vector3();
  const to = new Vector3();
  let step = 0;
  let rest = 0;

  function restart(): void {
    from.copyFrom(PERCHES[perch] ?? Vector3.Zero());
    to.copyFrom(from);
    step = FLIGHT_STEPS + 1;
    rest = Math.floor(REST.more * random());
    fly(bird, wings, from, to, 1);
  }

  function leave(): void {
    from.copyFrom(to);
    to.copyFrom(PERCHES[Math.floor(random() * PERCHES.length)] ?? from);
    rest = REST.least + Math.floor(REST.more * random());
    step = 0;
  }

  restart();
  return {
    restart,
    step() {
      step++;
      if (step <= FLIGHT_STEPS) fly(bird, wings, from, to, step / FLIGHT_STEPS);
      if (step === FLIGHT_STEPS) sing();
      if (step >= FLIGHT_STEPS + rest) leave();
    },
  };
}

function fly(bird: Mesh, wings: readonly Mesh[], from: Vector3, to: Vector3, t: number): void {
  const eased = t * t * (3 - 2 * t);
  Vector3.LerpToRef(from, to, eased, bird.position);
  bird.position.y += 1.4 * Math.sin(Math.PI * eased) * Math.min(1, Vector3.Distance(from, to));
  if (t < 1) bird.rotation.y = Math.atan2(to.x - from.x, to.z - from.z);
  const beat = t < 1 ? 0.9 * Math.sin(t * 70) : 1.25;
  for (const [i, wing] of wings.entries()) wing.rotation.z = (i === 0 ? -1 : 1) * beat;
}

/** A drop with a head and two wings, as long as a hand. */
function buildBird(scene: Scene, coat: StandardMaterial): { bird: Mesh; wings: Mesh[] } {
  const bird = CreateSphere('bird', { diameterX: 0.11, diameterY: 0.11, diameterZ: 0.24 }, scene);
  const head = CreateSphere('bird head', { diameter: 0.09, segments: 8 }, scene);
  head.position.set(0, 0.06, 0.1);
  const wings = [-1, 1].map((side) => {
    const size = { diameterX: 0.24, diameterY: 0.02, diameterZ: 0.13, segments: 8 };
    const wing = CreateSphere('bird wing', size, scene);
    wing.setPivotPoint(new Vector3(-0.1 * side, 0, 0));
    wing.position.set(0.13 * side, 0.03, -0.02);
    return wing;
  });
  for (const part of [head, ...wings]) part.parent = bird;
  for (const part of [bird, head, ...wings]) {
    part.material = coat;
    part.isPickable = false;
  }
  bird.metadata = { role: 'bird' };
  return { bird, wings };
}
