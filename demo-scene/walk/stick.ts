/** A stick for thumbs: shown where the pointer is coarse. Keys and the tour do the same for everybody else. */
import type { Wish } from './walker.ts';

/** Part of its radius within which it rests. */
const DEAD = 0.18;
/** Beyond this one runs. */
const RUN = 0.92;

export function createStick(stick: HTMLElement, wish: Wish, onWalk: () => void): void {
  const knob = stick.firstElementChild;
  let pointer: number | null = null;

  function lean(x: number, y: number): void {
    const reach = Math.hypot(x, y);
    const active = reach > DEAD;
    const scale = reach > 1 ? 1 / reach : 1;
    wish.right = active ? x * scale : 0;
    wish.forward = active ? -y * scale : 0;
    wish.run = reach > RUN;
    if (!(knob instanceof HTMLElement)) return;
    knob.style.setProperty('--x', `${(x * scale * 50).toFixed(0)}%`);
    knob.style.setProperty('--y', `${(y * scale * 50).toFixed(0)}%`);
  }

  function follow({ clientX, clientY }: PointerEvent): void {
    const { left, top, width, height } = stick.getBoundingClientRect();
    lean((2 * (clientX - left)) / width - 1, (2 * (clientY - top)) / height - 1);
  }

  stick.addEventListener('pointerdown', (event) => {
    pointer = event.pointerId;
    stick.setPointerCapture(pointer);
    onWalk();
    follow(event);
  });
  stick.addEventListener('pointermove', (event) => {
    if (event.pointerId === pointer) follow(event);
  });
  for (const kind of ['pointerup', 'pointercancel'] as const) {
    stick.addEventListener(kind, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      lean(0, 0);
    });
  }
}
