import { describe, expect, test } from 'vitest';
import { createKeyValueRing, widenCross } from '../../runtime/engines/key-value-ring.ts';

const SHAPE = { layers: 2, batch: 2, heads: 3, headDim: 2, slots: 3 };
const ROWS = SHAPE.layers * SHAPE.batch * SHAPE.heads;

/** A step's rows: every number tells step, row and place. */
function rowsOf(step: number): Float32Array {
  return Float32Array.from({ length: ROWS * SHAPE.headDim }, (_, i) => step * 100 + i + 1);
}

describe('key-value ring', () => {
  test('empty slots are masked, filled ones are not', () => {
    const ring = createKeyValueRing(SHAPE);
    expect([...ring.mask]).toEqual([-1e9, -1e9, -1e9]);
    ring.push(rowsOf(0), rowsOf(0));
    expect([...ring.mask]).toEqual([0, -1e9, -1e9]);
    for (let step = 1; step < 5; step++) ring.push(rowsOf(step), rowsOf(step));
    expect([...ring.mask]).toEqual([0, 0, 0]);
  });

  test('step s lies in slot s mod slots of every layer, batch row and head', () => {
    const ring = createKeyValueRing(SHAPE);
    for (let step = 0; step < 5; step++) ring.push(rowsOf(step), rowsOf(step + 10));
    for (const [slot, step] of [3, 4, 2].entries()) {
      for (let row = 0; row < ROWS; row++) {
        const at = (row * SHAPE.slots + slot) * SHAPE.headDim;
        const from = row * SHAPE.headDim;
        expect(ring.keys.slice(at, at + 2)).toEqual(rowsOf(step).slice(from, from + 2));
        expect(ring.values.slice(at, at + 2)).toEqual(rowsOf(step + 10).slice(from, from + 2));
      }
    }
  });

  test('begins small and grows up to its slots; what it holds stays where it was', () => {
    const ring = createKeyValueRing({ ...SHAPE, slots: 40 });
    const capacities = new Set<number>();
    for (let step = 0; step < 90; step++) {
      ring.push(rowsOf(step), rowsOf(step));
      capacities.add(ring.capacity);
      for (let row = 0; row < ROWS; row++) {
        for (let past = Math.max(0, step - 39); past <= step; past++) {
          const at = (row * ring.capacity + (past % 40)) * SHAPE.headDim;
          expect(ring.keys[at]).toBe(rowsOf(past)[row * SHAPE.headDim]);
        }
      }
      expect(ring.mask.filter((value) => value === 0).length).toBe(Math.min(step + 1, 40));
    }
    expect([...capacities]).toEqual([16, 32, 40]);
  });

  test('widened cross rows: row 0 the prompt, row 1 zeros, in every layer', () => {
    const cross = Float32Array.of(1, 2, 3, 4);
    expect([...widenCross(cross, 2, 2)]).toEqual([1, 2, 0, 0, 3, 4, 0, 0]);
    expect(widenCross(cross, 2, 1)).toBe(cross);
  });
});
