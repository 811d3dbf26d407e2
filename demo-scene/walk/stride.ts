/** Way walked → footfalls: one each stride, one more on landing. Pure but for what it remembers. */

/** As prompts say it. */
export type Weight = 'soft' | 'medium' | 'hard';

/** Metres. */
const STRIDE = { walk: 0.72, run: 1.15 } as const;
/** Metres a second downwards that make a landing heard. */
const LANDING_SPEED = 2;

export interface Stride {
  /**
   * One step of the world.
   * @param moved metres along the ground.
   * @param isUp on the ground now.
   * @param rising metres a second, negative when falling.
   * @returns how hard a foot comes down in this step; null: none does.
   */
  advance(moved: number, isUp: boolean, rising: number, run: boolean): Weight | null;
}

export function createStride(): Stride {
  let way: number = STRIDE.walk / 2;
  let wasUp = true;
  let falling = 0;
  return {
    advance(moved, isUp, rising, run) {
      const landed = isUp && !wasUp;
      const fell = falling;
      falling = isUp ? 0 : Math.max(falling, -rising);
      wasUp = isUp;
      if (landed && fell > LANDING_SPEED) {
        way = 0;
        return 'hard';
      }
      if (!isUp) return null;
      // Standing still ends a stride half way: the next walk begins with a footfall soon.
      way = moved < 1e-4 ? Math.max(way, STRIDE.walk / 2) : way + moved;
      if (way < (run ? STRIDE.run : STRIDE.walk)) return null;
      way = 0;
      return run ? 'hard' : 'medium';
    },
  };
}
