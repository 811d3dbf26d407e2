/**
 * Whether walls are in the way of what is heard: one ray per emitter, a few per rendered image, in turn.
 *
 *   image 1   a b c d │ e f g        rays to a, b, c, d
 *   image 2   e f g a │ b c d        rays to e, f, g, a …
 *
 * A sound that begins is looked at at once, while rays are left, and the others have what it leaves.
 */

/** Rays per rendered image. */
export const RAYS_PER_IMAGE = 4;

export interface Occlusion<E> {
  /** Looks at it in turn from now on. */
  add(emitter: E): void;
  remove(emitter: E): void;
  /** One ray at once, if one is left in this image. */
  lookNow(emitter: E): void;
  /** Once per rendered image. */
  update(): void;
}

/** @param look sends the ray and tells the emitter; `starts`: before its first sample */
export function createOcclusion<E>(look: (emitter: E, starts: boolean) => void): Occlusion<E> {
  const queue = new Set<E>();
  let left = RAYS_PER_IMAGE;

  return {
    add: (emitter) => void queue.add(emitter),
    remove: (emitter) => void queue.delete(emitter),
    lookNow(emitter) {
      if (left === 0) return;
      left -= 1;
      look(emitter, true);
    },
    update() {
      for (const emitter of [...queue].slice(0, left)) {
        queue.delete(emitter);
        queue.add(emitter); // at the end, it has had its turn
        look(emitter, false);
      }
      left = RAYS_PER_IMAGE;
    },
  };
}
