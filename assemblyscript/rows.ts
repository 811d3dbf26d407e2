/**
 * Small steps between the matrices.
 *
 * Twin: test/reference/rows.ts.
 */

/**
 * sum[i] += values[i]
 *
 *   sum, values  f32[length]
 *   length       i32 ≥ 0      any; the last length % 4 run scalar
 */
export function addRows(sum: usize, values: usize, length: i32): void {
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(values + at)));
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    store<f32>(sum + at, load<f32>(sum + at) + load<f32>(values + at));
  }
}

/**
 * sum[i] += table[row, i] · scales[row]: a row of an int8 table.
 *
 *   table   i8[…, width]
 *   scales  f32[…]
 *   width   i32 ≥ 0      any; the last width % 4 run scalar
 *   sum     f32[width]
 */
export function addLookUp(table: usize, scales: usize, width: i32, row: i32, sum: usize): void {
  const from = table + <usize>row * <usize>width;
  const scale = load<f32>(scales + ((<usize>row) << 2));
  const factors = f32x4.splat(scale);
  let i = 0;
  for (; i <= width - 4; i += 4) {
    const bytes = v128.load32_zero(from + i);
    const words = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes));
    const values = f32x4.mul(f32x4.convert_i32x4_s(words), factors);
    const at = sum + ((<usize>i) << 2);
    v128.store(at, f32x4.add(v128.load(at), values));
  }
  for (; i < width; i++) {
    const at = sum + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) + <f32>load<i8>(from + i) * scale);
  }
}

/**
 * sum[r, i] += values[r, i] · scale[i]
 *
 *   sum, values  f32[rows, width]
 *   scale        f32[width]
 *   rows         i32 ≥ 0
 *   width        i32 ≥ 0         any; the last width % 4 run scalar
 */
export function addScaledRows(
  sum: usize,
  values: usize,
  scale: usize,
  rows: i32,
  width: i32,
): void {
  for (let row = 0; row < rows; row++) {
    let i = 0;
    for (; i <= width - 4; i += 4) {
      const at = (<usize>i) << 2;
      const scaled = f32x4.mul(v128.load(values + at), v128.load(scale + at));
      v128.store(sum + at, f32x4.add(v128.load(sum + at), scaled));
    }
    for (; i < width; i++) {
      const at = (<usize>i) << 2;
      store<f32>(sum + at, load<f32>(sum + at) + load<f32>(values + at) * load<f32>(scale + at));
    }
    sum += (<usize>width) << 2;
    values += (<usize>width) << 2;
  }
}
