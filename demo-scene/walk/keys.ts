/** Keys of the scene: WASD and arrows walk, single letters act. They work while the scene has the focus, or nothing has. */
import type { Wish } from './walker.ts';

type Axis = 'forward' | 'right' | 'turn';

/** By the key's place, so that WASD is the same shape on every keyboard. */
const WALKING: Readonly<Record<string, readonly [Axis, number]>> = {
  KeyW: ['forward', 1],
  ArrowUp: ['forward', 1],
  KeyS: ['forward', -1],
  ArrowDown: ['forward', -1],
  KeyD: ['right', 1],
  KeyA: ['right', -1],
  ArrowRight: ['turn', 1],
  ArrowLeft: ['turn', -1],
};

export interface KeysOptions {
  canvas: HTMLCanvasElement;
  wish: Wish;
  /** By letter, in lower case. */
  actions: Readonly<Record<string, () => void>>;
  /** Called as soon as somebody wants to walk. */
  onWalk: () => void;
}

export function listenToKeys({ canvas, wish, actions, onWalk }: KeysOptions): void {
  const held = new Set<string>();

  function update(): void {
    for (const axis of ['forward', 'right', 'turn'] as const) {
      let sum = 0;
      for (const code of held) {
        const [of, way] = WALKING[code] ?? [];
        if (of === axis && way) sum += way;
      }
      wish[axis] = Math.sign(sum);
    }
    wish.run = held.has('ShiftLeft') || held.has('ShiftRight');
  }

  addEventListener('keydown', (event) => {
    const { code, key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== canvas && target !== document.body) return;
    if (WALKING[code] || key === 'Shift') {
      held.add(code);
      update();
      if (WALKING[code]) onWalk();
      if (code.startsWith('Arrow')) event.preventDefault();
      return;
    }
    const action = actions[key.toLowerCase()];
    if (!action || event.repeat) return;
    event.preventDefault();
    action();
  });
  addEventListener('keyup', ({ code }) => {
    if (held.delete(code)) update();
  });
  // Whoever leaves the page with a key held down stops.
  addEventListener('blur', () => {
    held.clear();
    update();
  });
}
