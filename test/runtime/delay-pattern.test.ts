import { expect, test } from 'vitest';
import { isInside, stepsOf } from '../../runtime/delay-pattern.ts';

test('the picture at the top of the file', () => {
  const picture = Array.from({ length: 3 }, (_, k) =>
    Array.from({ length: stepsOf(4, 3) }, (_, step) => (isInside(step, k, 4) ? step - k : 'V')),
  );
  expect(picture).toEqual([
    [0, 1, 2, 3, 'V', 'V'],
    ['V', 0, 1, 2, 3, 'V'],
    ['V', 'V', 0, 1, 2, 3],
  ]);
});

test('every codec frame of every codebook is inside once', () => {
  for (let numCodebooks = 1; numCodebooks <= 5; numCodebooks++) {
    for (let codecFrames = 0; codecFrames <= 20; codecFrames++) {
      const steps = Array.from({ length: stepsOf(codecFrames, numCodebooks) }, (_, step) => step);
      for (let k = 0; k < numCodebooks; k++) {
        const frames = steps.filter((step) => isInside(step, k, codecFrames)).map((s) => s - k);
        expect(frames).toEqual(Array.from({ length: codecFrames }, (_, t) => t));
      }
    }
  }
});
