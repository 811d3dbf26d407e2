/**
 * Look-ahead minimum, in place: values[i] = min(values[i], …, values[i + window − 1]).
 *
 * Doubling: after the pass with shift s every value is the minimum of 2s neighbours, so a window of 64
 * takes six passes instead of 63. A vector is stored only after everything it overwrites was read.
 *
 *   values  f32[length]  no NaN; what lies beyond the end does not count
 *   length  i32 ≥ 0      any; each pass's rest runs scalar
 *   window  i32          power of two ≥ 1
 *
 * Twin: test/reference/limiter.ts.
 */
export function slidingMinimum(values: usize, length: i32, window: i32): void {
  for (let shift = 1; shift < window; shift <<= 1) {
    const ahead = (<usize>shift) << 2;
    const count = length - shift;
    let i = 0;
    for (; i <= count - 4; i += 4) {
      const at = values + ((<usize>i) << 2);
      v128.store(at, f32x4.min(v128.load(at), v128.load(at + ahead)));
    }
    for (; i < count; i++) {
      const at = values + ((<usize>i) << 2);
      store<f32>(at, min(load<f32>(at), load<f32>(at + ahead)));
    }
  }
}
