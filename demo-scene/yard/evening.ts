/** The evening all around: sky, stars, moon, clouds, hills with a few lit windows, painted once on a great cylinder. */
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import type { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { drawTexture } from '../room/sprites.ts';
import { fbm, hash } from '../surfaces/noise.ts';

/** Where the moon is in the picture; through the window of the house it is seen from inside. */
const MOON = { u: 0.752, v: 0.535 } as const;
/** Metres. */
const RADIUS = 42;
const HEIGHT = 34;
const HORIZON = 0.4;
/** Height over width of what looks as high as wide. */
const ROUND = (2 * Math.PI * RADIUS) / (4 * HEIGHT);

/** @param width of the picture in pixels. */
export function hangEvening(scene: Scene, width: number): void {
  const sky = CreateCylinder(
    'evening',
    {
      height: HEIGHT,
      diameter: 2 * RADIUS,
      tessellation: 48,
      cap: Mesh.CAP_END,
      sideOrientation: Mesh.BACKSIDE,
      // The lid shows one point of the picture: the colour at the top of the sky.
      faceUV: [new Vector4(0, 0, 0, 0), new Vector4(0, 0, 1, 1), new Vector4(0.6, 0.99, 0.601, 1)],
    },
    scene,
  );
  sky.position.y = HORIZON + (0.66 - 0.5) * HEIGHT;
  const material = new StandardMaterial('evening', scene);
  material.emissiveTexture = eveningTexture(scene, width);
  material.disableLighting = true;
  sky.material = material;
  sky.isPickable = false;
  sky.freezeWorldMatrix();
}

/** The horizon lies at 0.66 of the height. Left and right edge fit together. */
function eveningTexture(scene: Scene, width: number): DynamicTexture {
  return drawTexture(scene, 'evening', { width, height: width / 4 }, (context, _, height) => {
    const sky = context.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, '#0b1530');
    sky.addColorStop(0.42, '#20396a');
    sky.addColorStop(0.58, '#5a709c');
    sky.addColorStop(0.66, '#b08f86');
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    drawStars(context, width, height);
    // The picture is drawn half as high as wide things are: the moon is made round again.
    context.setTransform(1, 0, 0, ROUND, 0, 0);
    drawMoon(context, width * MOON.u, (height * MOON.v) / ROUND, width / 4096);
    context.resetTransform();
    drawClouds(context, width, height);
    const hills = ['#3a4a69', '#22304a', '#121c2c'];
    for (const [depth, colour] of hills.entries()) drawHill(context, width, height, depth, colour);
    drawLitWindows(context, width, height);
  });
}

function drawStars(context: CanvasRenderingContext2D, width: number, height: number): void {
  for (let i = 0; i < 260; i++) {
    const [x, y] = [width * hash(i, 1, 230), height * 0.55 * hash(i, 2, 230)];
    context.fillStyle = `rgba(225,233,255,${0.25 + 0.6 * hash(i, 3, 230)})`;
    context.fillRect(x, y, width / 2300, width / 2300);
  }
}

function drawMoon(context: CanvasRenderingContext2D, x: number, y: number, scale: number): void {
  const halo = context.createRadialGradient(x, y, 6 * scale, x, y, 100 * scale);
  halo.addColorStop(0, 'rgba(214,228,255,0.75)');
  halo.addColorStop(1, 'rgba(214,228,255,0)');
  context.fillStyle = halo;
  context.fillRect(x - 110 * scale, y - 110 * scale, 220 * scale, 220 * scale);
  context.fillStyle = '#eef3ff';
  context.beginPath();
  context.arc(x, y, 14 * scale, 0, 2 * Math.PI);
  context.fill();
}

/** Drawn small and enlarged: the browser's smoothing makes the softness. */
function drawClouds(context: CanvasRenderingContext2D, width: number, height: number): void {
  const [columns, rows] = [512, 96];
  const small = new OffscreenCanvas(columns, rows);
  const smallContext = small.getContext('2d');
  if (!smallContext) return;
  const picture = smallContext.createImageData(columns, rows);
  for (let i = 0; i < columns * rows; i++) {
    const [u, v] = [(i % columns) / columns, Math.floor(i / columns) / rows];
    const density = Math.max(0, fbm(u, v, 27, 12, 5, 200) - 0.48) * (1 - v * v);
    picture.data.set([158, 178, 214, 255 * Math.min(0.6, density * 2.4)], i * 4);
  }
  smallContext.putImageData(picture, 0, 0);
  context.drawImage(small, 0, 0, width, height * 0.68);
}

function drawHill(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  depth: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(0, height);
  for (let x = 0; x <= width; x += 4) {
    const rise = fbm((x % width) / width, 0.5, 27 + 14 * depth, 1, 5, 210 + depth);
    context.lineTo(x, height * (0.69 + 0.035 * depth - 0.09 * rise));
  }
  context.lineTo(width, height);
  context.fill();
}

function drawLitWindows(context: CanvasRenderingContext2D, width: number, height: number): void {
  for (let i = 0; i < 22; i++) {
    const x = width * hash(i, 1, 220);
    const y = height * (0.71 + 0.03 * hash(i, 2, 220));
    context.fillStyle = `rgba(255,190,110,${0.5 + 0.5 * hash(i, 3, 220)})`;
    context.fillRect(x, y, width / 1700, width / 1700);
  }
}
