/**
 * What the decoder's last layers say of one STFT frame → its bins, noise and partials.
 *
 *   head      f32[3 · bins + 2 · channels]   log magnitude, phase, log noise, log gain, offset
 *   direct    f32[bins + 2 · channels]       added to the last three
 *   centre, width  f32[channels]             Hz; frequency = centre + width · tanh(offset)
 *   out       real, imag, noise f32[bins], gain, frequency f32[channels] of the stream
 *
 * Logarithms are cut to −16 … 6. The last values of each part run scalar. Twins: test/reference/codec-decoder.ts,
 * training/codec.py.
 */
import { expOf } from './exp';
import { cosines, sines } from './sine';
import { StftStream } from './stft-stream';

export function readHead(
  head: usize,
  direct: usize,
  bins: i32,
  channels: i32,
  centre: usize,
  width: usize,
  out: StftStream,
): void {
  const binBytes = (<usize>bins) << 2;
  const channelBytes = (<usize>channels) << 2;
  const noise = head + 2 * binBytes;
  const gain = noise + binBytes;
  polar(head, head + binBytes, bins, out.real, out.imag);
  expOfSum(noise, direct, bins, out.noise);
  expOfSum(gain, direct + binBytes, channels, out.gain);
  const offset = gain + channelBytes;
  tune(offset, direct + binBytes + channelBytes, channels, centre, width, out.frequency);
}

/** exp(logMagnitude) · (cos phase, sin phase) */
function polar(logMagnitude: usize, phase: usize, count: i32, real: usize, imag: usize): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    const magnitude = expCut(loadUpTo4(logMagnitude + at, count - i));
    const angle = loadUpTo4(phase + at, count - i);
    storeUpTo4(real + at, f32x4.mul(magnitude, cosines(angle)), count - i);
    storeUpTo4(imag + at, f32x4.mul(magnitude, sines(angle)), count - i);
  }
}

/** out = exp(a + b) */
function expOfSum(a: usize, b: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    const sum = f32x4.add(loadUpTo4(a + at, count - i), loadUpTo4(b + at, count - i));
    storeUpTo4(out + at, expCut(sum), count - i);
  }
}

/** out = centre + width · tanh(a + b) */
function tune(a: usize, b: usize, count: i32, centre: usize, width: usize, out: usize): void {
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    const left = count - i;
    const sum = f32x4.add(loadUpTo4(a + at, left), loadUpTo4(b + at, left));
    const shift = f32x4.mul(loadUpTo4(width + at, left), tanh(sum));
    storeUpTo4(out + at, f32x4.add(loadUpTo4(centre + at, left), shift), left);
  }
}

function expCut(x: v128): v128 {
  return expOf(f32x4.max(f32x4.min(x, f32x4.splat(6)), f32x4.splat(-16)));
}

/** 1 − 2 / (e^2x + 1); absolute error below 2e-7 */
function tanh(x: v128): v128 {
  const cut = f32x4.max(f32x4.min(x, f32x4.splat(10)), f32x4.splat(-10));
  const e = expOf(f32x4.add(cut, cut));
  const one = f32x4.splat(1);
  return f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
}

function loadUpTo4(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  let some = v128.load32_zero(from);
  if (count > 1) some = v128.load32_lane(from + 4, some, 1);
  if (count > 2) some = v128.load32_lane(from + 8, some, 2);
  return some;
}

function storeUpTo4(to: usize, values: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, values);
    return;
  }
  v128.store32_lane(to, values, 0);
  if (count > 1) v128.store32_lane(to + 4, values, 1);
  if (count > 2) v128.store32_lane(to + 8, values, 2);
}
