import { describe, expect, test } from 'vitest';
import { angleBetween, bearingOf, DIRECTIONS } from '../../../plugin/captions/bearing.ts';
import { createEar } from '../../../plugin/engines/ear.ts';

/** Looks along −z: +x is to the right. */
const ear = createEar({ x: 10, y: 2, z: -5 });

/** That many degrees to the right, that far away. */
function at(degrees: number, distance = 5, height = 0) {
  const angle = (degrees * Math.PI) / 180;
  const [x, z] = [Math.sin(angle) * distance, -Math.cos(angle) * distance];
  return { x: 10 + x, y: 2 + height, z: -5 + z };
}

test.each(DIRECTIONS.map((direction, i) => [direction, i * 45] as const))(
  '%s is within 22° of %i°',
  (direction, degrees) => {
    for (const off of [-22, 0, 22]) {
      expect(bearingOf(ear, at(degrees + off)).direction).toBe(direction);
    }
    expect(bearingOf(ear, at(degrees + 24)).direction).not.toBe(direction);
  },
);

test('angles go clockwise from −179 to 180', () => {
  const angles = [0, 90, 179, 180, 181, 270].map((degrees) => bearingOf(ear, at(degrees)).angle);
  expect(angles).toEqual([0, 90, 179, 180, -179, -90]);
});

test('the ear’s own right counts: in a left-handed scene too', () => {
  const leftHanded = { ...createEar(), forward: { x: 0, y: 0, z: 1 }, right: { x: 1, y: 0, z: 0 } };
  expect(bearingOf(leftHanded, { x: 5, y: 0, z: 5 }).direction).toBe('ahead right');
});

describe('height and distance', () => {
  test.each([
    [0, null],
    [2.7, null],
    [3.1, 'above'],
    [-3.1, 'below'],
  ])('%d m higher at 5 m: %s', (height, expected) => {
    expect(bearingOf(ear, at(30, 5, height)).height).toBe(expected);
  });

  test.each([
    [1, 'near'],
    [5, null],
    [20, 'far'],
  ])('%d m away: %s', (distance, range) => {
    expect(bearingOf(ear, at(200, distance))).toMatchObject({ range });
    expect(bearingOf(ear, at(200, distance)).distance).toBeCloseTo(distance, 6);
  });

  test('at the ear there is no direction; straight above there is only that', () => {
    expect(bearingOf(ear, at(0, 0))).toMatchObject({ direction: null, angle: null, height: null });
    expect(bearingOf(ear, at(0, 0, 4))).toMatchObject({ direction: null, height: 'above' });
  });
});

test.each([
  [170, -170, 20],
  [0, 180, 180],
  [-90, 90, 180],
  [10, 10, 0],
])('between %i° and %i° are %i°', (a, b, apart) => {
  expect(angleBetween(a, b)).toBe(apart);
});
