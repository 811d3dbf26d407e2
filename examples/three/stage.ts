/** What is seen: a stone floor, a light, a camera, and the three kinds of things that can be dropped. */
import {
  BoxGeometry,
  type BufferGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  PlaneGeometry,
  Scene,
  SphereGeometry,
  WebGLRenderer,
} from 'three';
import type { Falling } from './falling.ts';

export type Kind = 'crate' | 'pipe' | 'ball';

interface Build {
  geometry: BufferGeometry;
  /** The word that prompts use. */
  material: string;
  color: string;
  mass: number;
  bounce: number;
  radius: number;
}

const BUILDS: Record<Kind, Build> = {
  crate: {
    geometry: new BoxGeometry(0.6, 0.6, 0.6),
    material: 'wood',
    color: '#a9713c',
    mass: 3,
    bounce: 0.3,
    radius: 0.3,
  },
  pipe: {
    geometry: new CylinderGeometry(0.06, 0.06, 1.2).rotateZ(Math.PI / 2),
    material: 'metal',
    color: '#9aa3ad',
    mass: 2,
    bounce: 0.45,
    radius: 0.06,
  },
  ball: {
    geometry: new SphereGeometry(0.2),
    material: 'rubber',
    color: '#d14d4d',
    mass: 0.5,
    bounce: 0.75,
    radius: 0.2,
  },
};

export function createStage(canvas: HTMLCanvasElement) {
  const scene = new Scene();
  scene.background = new Color('#151720');
  const camera = new PerspectiveCamera(60, 1, 0.1, 100);
  camera.position.set(0, 1.7, 5);
  const sun = new DirectionalLight('#fff4e0', 2.5);
  sun.position.set(3, 6, 4);
  const floor = new Mesh(
    new PlaneGeometry(20, 20).rotateX(-Math.PI / 2),
    new MeshStandardMaterial({ color: '#6d6a66', roughness: 0.9 }),
  );
  floor.name = 'floor';
  floor.userData.material = 'stone';
  scene.add(new HemisphereLight('#9bb4ff', '#40382f', 1), sun, floor);
  const renderer = new WebGLRenderer({ canvas, antialias: true });

  return {
    scene,
    camera,
    floor,
    renderer,
    /** At a height of two metres and more, from left to right. */
    add(kind: Kind, x: number): Falling {
      const { geometry, material, color, ...body } = BUILDS[kind];
      const node = new Mesh(geometry, new MeshStandardMaterial({ color }));
      node.name = kind;
      node.userData.material = material;
      node.position.set(x, 2.5, 0);
      scene.add(node);
      return { node, speed: 0, ...body };
    },
    fit(): void {
      const { clientWidth, clientHeight } = canvas;
      camera.aspect = clientWidth / clientHeight;
      camera.updateProjectionMatrix();
      renderer.setSize(clientWidth, clientHeight, false);
    },
  };
}
