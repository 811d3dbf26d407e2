/** Drag to look round; press on a crate and hold to lift it, let go to throw it. */
import type { Walker } from './walker.ts';

/** Radians a CSS pixel. */
const SENSITIVITY = 0.0042;
const HOLD_MS = 320;
/** CSS pixels that a press may wander and still be one. */
const SLACK = 6;

export interface LookOptions {
  canvas: HTMLCanvasElement;
  walker: Walker;
  isWalking: () => boolean;
  /** A press that stays, in CSS pixels of the canvas. @returns true: it has taken something. */
  onHold: (x: number, y: number) => boolean;
  /** The press that took something ends. */
  onRelease: () => void;
}

export function dragToLook({ canvas, walker, isWalking, onHold, onRelease }: LookOptions): void {
  let pointer: number | null = null;
  let last = { x: 0, y: 0 };
  let wandered = 0;
  let holding = false;
  let timer = 0;

  canvas.addEventListener('pointerdown', (event) => {
    if (!isWalking() || pointer !== null) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    last = { x: event.clientX, y: event.clientY };
    wandered = 0;
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    timer = window.setTimeout(() => {
      holding = wandered < SLACK && onHold(x, y);
    }, HOLD_MS);
  });
  canvas.addEventListener('pointermove', ({ pointerId, clientX, clientY }) => {
    if (pointerId !== pointer) return;
    const [dx, dy] = [clientX - last.x, clientY - last.y];
    last = { x: clientX, y: clientY };
    wandered += Math.hypot(dx, dy);
    if (wandered < SLACK) return;
    walker.yaw -= dx * SENSITIVITY;
    walker.pitch -= dy * SENSITIVITY;
  });
  for (const kind of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(kind, ({ pointerId }) => {
      if (pointerId !== pointer) return;
      pointer = null;
      clearTimeout(timer);
      if (holding) onRelease();
      holding = false;
    });
  }
}
