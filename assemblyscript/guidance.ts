/**
 * Classifier-free guidance: mixed = uncond + (cond − uncond) · guidanceScale.
 *
 *   cond, uncond   f32[length]  logits with and without the prompt
 *   mixed          f32[length]  may be cond or uncond
 *   length         i32 ≥ 0      any; the last length % 4 run scalar
 *   guidanceScale  f32          1 gives cond, up to rounding
 *
 * Source: Ho & Salimans 2022, arXiv:2207.12598. Twin: test/reference/sampling.ts.
 */
export function mixGuidance(
  cond: usize,
  uncond: usize,
  mixed: usize,
  length: i32,
  guidanceScale: f32,
): void {
  const scales = f32x4.splat(guidanceScale);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    const base = v128.load(uncond + at);
    const step = f32x4.mul(f32x4.sub(v128.load(cond + at), base), scales);
    v128.store(mixed + at, f32x4.add(base, step));
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    const base = load<f32>(uncond + at);
    store<f32>(mixed + at, base + (load<f32>(cond + at) - base) * guidanceScale);
  }
}
