/**
 * Emitters over the picture, each by its state, and a ring wherever a sound was just triggered. A plain canvas above the
 * scene: no draw call, nothing in the scene to be picked or lit.
 */
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Point } from '../../plugin/scene-event.ts';
import { drawMark, MARKS, type MarkState } from './shapes.ts';

export interface Mark {
  name: string;
  state: MarkState;
  point: Point;
}

export interface MarkerLayer {
  isShown: boolean;
  ping(point: Point, state: MarkState): void;
}

export interface MarkerLayerOptions {
  scene: Scene;
  canvas: HTMLCanvasElement;
  /** Asked again a few times a second. */
  marks: () => readonly Mark[];
  /** Rings stand still for people who asked for less motion. */
  calm: boolean;
}

interface Ping {
  point: Point;
  state: MarkState;
  born: number;
}

const MAX_PINGS = 24;
const PING_MS = 700;
const ASK_MS = 150;
/** Metres; farther emitters have no name. */
const NAMED_WITHIN = 9;

export function createMarkerLayer({ scene, canvas, marks, calm }: MarkerLayerOptions): MarkerLayer {
  const layer: MarkerLayer = {
    isShown: true,
    ping(point, state) {
      pings.push({ point: { ...point }, state, born: performance.now() });
      if (pings.length > MAX_PINGS) pings.shift();
    },
  };
  const pings: Ping[] = [];
  let current: readonly Mark[] = [];
  let askedAt = 0;
  let isClear = true;

  scene.onAfterRenderObservable.add(() => {
    const now = performance.now();
    while (pings[0] && now - pings[0].born > PING_MS) pings.shift();
    if (layer.isShown && now - askedAt > ASK_MS) {
      askedAt = now;
      current = marks();
    }
    const isEmpty = !layer.isShown || (current.length === 0 && pings.length === 0);
    if (isEmpty && isClear) return;
    const context = begin(canvas);
    isClear = isEmpty;
    if (!context || isEmpty) return;
    const project = projector(scene, canvas);
    for (const mark of current) paint(context, mark, project(mark.point));
    for (const { point, state, born } of pings) {
      const age = (now - born) / PING_MS;
      ring(context, state, project(point), calm ? 0.5 : age, 1 - age);
    }
  });
  return layer;
}

function begin(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

interface Spot {
  /** CSS pixels. */
  x: number;
  y: number;
  /** Metres from the eye. */
  distance: number;
}

/** @returns where a point of the world is on the canvas; null behind the eye and off the edges. */
function projector(scene: Scene, { clientWidth, clientHeight }: HTMLCanvasElement) {
  const eye = scene.activeCamera?.globalPosition ?? Vector3.Zero();
  const transform = scene.getTransformMatrix();
  const viewport = scene.activeCamera?.viewport.toGlobal(clientWidth, clientHeight);
  return (point: Point): Spot | null => {
    if (!viewport) return null;
    const world = new Vector3(point.x, point.y, point.z);
    const { x, y, z } = Vector3.Project(world, Matrix.IdentityReadOnly, transform, viewport);
    const isSeen =
      z > 0 && z < 1 && x > -20 && y > -20 && x < clientWidth + 20 && y < clientHeight + 20;
    return isSeen ? { x, y, distance: Vector3.Distance(eye, world) } : null;
  };
}

function paint(context: CanvasRenderingContext2D, { name, state }: Mark, spot: Spot | null): void {
  if (!spot) return;
  const radius = Math.min(11, Math.max(5, 34 / spot.distance));
  drawMark(context, state, spot.x, spot.y, radius);
  if (spot.distance > NAMED_WITHIN) return;
  context.font = '600 11.5px system-ui, sans-serif';
  context.textAlign = 'center';
  context.lineWidth = 3;
  context.strokeStyle = '#000c';
  context.strokeText(name, spot.x, spot.y - radius - 6);
  context.fillStyle = '#fff';
  context.fillText(name, spot.x, spot.y - radius - 6);
}

function ring(
  context: CanvasRenderingContext2D,
  state: MarkState,
  spot: Spot | null,
  age: number,
  strength: number,
): void {
  if (!spot) return;
  context.globalAlpha = Math.max(0, strength);
  context.strokeStyle = MARKS[state].colour;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(spot.x, spot.y, 8 + (age * 300) / Math.max(2, spot.distance), 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}
