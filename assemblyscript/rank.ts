/**
 * Orders logits from the likeliest down, equals by index.
 *
 *   gap      = (logits[likeliest] − logit) / temperature ≥ 0      f32; 0 for the likeliest
 *   entries  u64[length]:  gap's bits in the upper half, index in the lower half
 *
 * The bits of a non-negative f32 sort like integers, so four passes of a stable radix sort over the
 * upper half give the order, and ties stay in index order by themselves. Time does not depend on values.
 *
 *   logits   f32[length]       finite
 *   length   i32 ≥ 1           any; the last length % 4 run scalar
 *   likeliest    i32           from argmax()
 *   temperature  f32 > 0
 *   entries  u64[length]       out, sorted
 *   work     u64[length] + u32[256]
 *
 * Twin: test/reference/sampling.ts.
 */
export function rank(
  logits: usize,
  length: i32,
  likeliest: i32,
  temperature: f32,
  entries: usize,
  work: usize,
): void {
  const largest = load<f32>(logits + ((<usize>likeliest) << 2));
  measureGaps(logits, length, largest, temperature, entries);
  const counts = work + ((<usize>length) << 3);
  sortByByte(entries, work, length, 4, counts);
  sortByByte(work, entries, length, 5, counts);
  sortByByte(entries, work, length, 6, counts);
  sortByByte(work, entries, length, 7, counts);
}

function measureGaps(
  logits: usize,
  length: i32,
  largest: f32,
  temperature: f32,
  entries: usize,
): void {
  const tops = f32x4.splat(largest);
  const temperatures = f32x4.splat(temperature);
  let indices = i32x4(0, 1, 2, 3);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const x = v128.load(logits + ((<usize>i) << 2));
    const gaps = f32x4.div(f32x4.sub(tops, x), temperatures);
    const at = entries + ((<usize>i) << 3);
    v128.store(at, v128.shuffle<i32>(indices, gaps, 0, 4, 1, 5));
    v128.store(at, v128.shuffle<i32>(indices, gaps, 2, 6, 3, 7), 16);
    indices = i32x4.add(indices, i32x4.splat(4));
  }
  for (; i < length; i++) {
    const at = entries + ((<usize>i) << 3);
    store<i32>(at, i);
    store<f32>(at, (largest - load<f32>(logits + ((<usize>i) << 2))) / temperature, 4);
  }
}

/** One stable counting pass over byte `byte` (0 lowest) of each u64. */
function sortByByte(from: usize, to: usize, length: i32, byte: usize, counts: usize): void {
  memory.fill(counts, 0, 1024);
  const end = from + ((<usize>length) << 3);
  for (let at = from; at < end; at += 8) {
    const count = counts + ((<usize>load<u8>(at + byte)) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
  let start: u32 = 0;
  for (let count = counts; count < counts + 1024; count += 4) {
    const size = load<u32>(count);
    store<u32>(count, start);
    start += size;
  }
  for (let at = from; at < end; at += 8) {
    const place = counts + ((<usize>load<u8>(at + byte)) << 2);
    const target = load<u32>(place);
    store<u64>(to + ((<usize>target) << 3), load<u64>(at));
    store<u32>(place, target + 1);
  }
}
