/**
 * Real inverse FFT: half a spectrum → one STFT frame.
 *
 *   output[n] = 1/N · Σ X[k] · e^(2πi·kn/N),  k over all N bins, X[N−k] = conj X[k]
 *
 *   real, imag  f32[N/2 + 1]   imag of bins 0 and N/2 counts as 0
 *   output      f32[N]
 *   work        f32[2N]        two complex arrays of N/2, real plane then imaginary plane
 *   twiddles    f32[N]         cos(2πk/N) for k < N/2, then sin
 *   size        i32 N          power of two ≥ 2
 *
 * The N real samples come out of one complex FFT of N/2, even ones as its real part, odd ones as its
 * imaginary part. That FFT is Stockham's, radix 2: it sorts while it works, so every load and store is
 * contiguous. The two stages with stride 1 and 2 shuffle inside a vector; tiny sizes run scalar.
 * Source: Stockham 1966; the split of Sorensen et al. 1987. Twin: test/reference/inverse-fft.ts.
 */
export function inverseFft(
  real: usize,
  imag: usize,
  output: usize,
  work: usize,
  twiddles: usize,
  size: i32,
): void {
  const half = size >> 1;
  let from = work;
  let to = work + ((<usize>half) << 3);
  fold(real, imag, from, twiddles, half);
  for (let stride = 1; stride < half; stride <<= 1) {
    const count = half / (2 * stride);
    if (stride >= 4) wideStage(from, to, twiddles, half, stride);
    else if (stride === 1 && count >= 4) firstStage(from, to, twiddles, half);
    else if (stride === 2 && count >= 2) secondStage(from, to, twiddles, half);
    else scalarStage(from, to, twiddles, half, stride);
    const other = from;
    from = to;
    to = other;
  }
  interleave(from, output, half, <f32>1 / <f32>size);
}

/** Z[k] = (A + B) + i·w·(A − B), with A = X[k], B = conj X[N/2 − k], w = e^(2πik/N). */
function fold(real: usize, imag: usize, to: usize, twiddles: usize, half: i32): void {
  const plane = (<usize>half) << 2;
  let k = 0;
  for (; k <= half - 4; k += 4) {
    const at = (<usize>k) << 2;
    const mirror = (<usize>(half - k - 3)) << 2;
    const ar = v128.load(real + at);
    const ai = v128.load(imag + at);
    const br = reverse(v128.load(real + mirror));
    const bi = reverse(v128.load(imag + mirror));
    const c = v128.load(twiddles + at);
    const s = v128.load(twiddles + plane + at);
    const dr = f32x4.sub(ar, br);
    const di = f32x4.add(ai, bi);
    const zr = f32x4.sub(f32x4.add(ar, br), f32x4.add(f32x4.mul(c, di), f32x4.mul(s, dr)));
    const zi = f32x4.add(f32x4.sub(ai, bi), f32x4.sub(f32x4.mul(c, dr), f32x4.mul(s, di)));
    v128.store(to + at, zr);
    v128.store(to + plane + at, zi);
  }
  for (; k < half; k++) {
    const at = (<usize>k) << 2;
    const mirror = (<usize>(half - k)) << 2;
    const ai = load<f32>(imag + at);
    const bi = load<f32>(imag + mirror);
    const c = load<f32>(twiddles + at);
    const s = load<f32>(twiddles + plane + at);
    const dr = load<f32>(real + at) - load<f32>(real + mirror);
    const di = ai + bi;
    const sum = load<f32>(real + at) + load<f32>(real + mirror);
    store<f32>(to + at, sum - (c * di + s * dr));
    store<f32>(to + plane + at, ai - bi + (c * dr - s * di));
  }
  const first = load<f32>(real);
  const last = load<f32>(real + plane);
  store<f32>(to, first + last);
  store<f32>(to + plane, first - last);
}

function reverse(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 3, 2, 1, 0);
}

/** Stride 1: butterflies of four neighbours; sums and twisted differences interleave. */
function firstStage(from: usize, to: usize, twiddles: usize, half: i32): void {
  const plane = (<usize>half) << 2;
  const middle = plane >> 1;
  for (let at: usize = 0; at < middle; at += 16) {
    const ar = v128.load(from + at);
    const ai = v128.load(from + plane + at);
    const br = v128.load(from + middle + at);
    const bi = v128.load(from + plane + middle + at);
    const c = everySecond(twiddles + 2 * at);
    const s = everySecond(twiddles + plane + 2 * at);
    const sr = f32x4.add(ar, br);
    const si = f32x4.add(ai, bi);
    const dr = f32x4.sub(ar, br);
    const di = f32x4.sub(ai, bi);
    const wr = f32x4.sub(f32x4.mul(dr, c), f32x4.mul(di, s));
    const wi = f32x4.add(f32x4.mul(dr, s), f32x4.mul(di, c));
    const out = to + 2 * at;
    v128.store(out, v128.shuffle<i32>(sr, wr, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<i32>(sr, wr, 2, 6, 3, 7), 16);
    v128.store(out + plane, v128.shuffle<i32>(si, wi, 0, 4, 1, 5));
    v128.store(out + plane, v128.shuffle<i32>(si, wi, 2, 6, 3, 7), 16);
  }
}

/** x[0], x[2], x[4], x[6] */
function everySecond(at: usize): v128 {
  return v128.shuffle<i32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
}

/** Stride 2: a vector holds two butterflies of two neighbours each. */
function secondStage(from: usize, to: usize, twiddles: usize, half: i32): void {
  const plane = (<usize>half) << 2;
  const middle = plane >> 1;
  for (let at: usize = 0; at < middle; at += 16) {
    const ar = v128.load(from + at);
    const ai = v128.load(from + plane + at);
    const br = v128.load(from + middle + at);
    const bi = v128.load(from + plane + middle + at);
    const c = pairOfEveryFourth(twiddles + 2 * at);
    const s = pairOfEveryFourth(twiddles + plane + 2 * at);
    const sr = f32x4.add(ar, br);
    const si = f32x4.add(ai, bi);
    const dr = f32x4.sub(ar, br);
    const di = f32x4.sub(ai, bi);
    const wr = f32x4.sub(f32x4.mul(dr, c), f32x4.mul(di, s));
    const wi = f32x4.add(f32x4.mul(dr, s), f32x4.mul(di, c));
    const out = to + 2 * at;
    v128.store(out, v128.shuffle<i64>(sr, wr, 0, 2));
    v128.store(out, v128.shuffle<i64>(sr, wr, 1, 3), 16);
    v128.store(out + plane, v128.shuffle<i64>(si, wi, 0, 2));
    v128.store(out + plane, v128.shuffle<i64>(si, wi, 1, 3), 16);
  }
}

/** x[0], x[0], x[4], x[4] */
function pairOfEveryFourth(at: usize): v128 {
  return v128.shuffle<i32>(v128.load32_splat(at), v128.load32_splat(at, 16), 0, 1, 4, 5);
}

/** Stride 4 and more: one twiddle for `stride` neighbours. */
function wideStage(from: usize, to: usize, twiddles: usize, half: i32, stride: i32): void {
  const plane = (<usize>half) << 2;
  const middle = plane >> 1;
  const step = (<usize>stride) << 2;
  for (let block: usize = 0; block < middle; block += step) {
    const c = v128.load32_splat(twiddles + 2 * block);
    const s = v128.load32_splat(twiddles + plane + 2 * block);
    for (let at = block; at < block + step; at += 16) {
      const ar = v128.load(from + at);
      const ai = v128.load(from + plane + at);
      const br = v128.load(from + middle + at);
      const bi = v128.load(from + plane + middle + at);
      const dr = f32x4.sub(ar, br);
      const di = f32x4.sub(ai, bi);
      const out = to + block + at;
      v128.store(out, f32x4.add(ar, br));
      v128.store(out + plane, f32x4.add(ai, bi));
      v128.store(out + step, f32x4.sub(f32x4.mul(dr, c), f32x4.mul(di, s)));
      v128.store(out + step + plane, f32x4.add(f32x4.mul(dr, s), f32x4.mul(di, c)));
    }
  }
}

/** Any stride; for sizes below 16. */
function scalarStage(from: usize, to: usize, twiddles: usize, half: i32, stride: i32): void {
  const plane = (<usize>half) << 2;
  const middle = plane >> 1;
  const step = (<usize>stride) << 2;
  for (let at: usize = 0; at < middle; at += 4) {
    const block = at - (at % step);
    const c = load<f32>(twiddles + 2 * block);
    const s = load<f32>(twiddles + plane + 2 * block);
    const ar = load<f32>(from + at);
    const ai = load<f32>(from + plane + at);
    const br = load<f32>(from + middle + at);
    const bi = load<f32>(from + plane + middle + at);
    const out = to + block + at;
    store<f32>(out, ar + br);
    store<f32>(out + plane, ai + bi);
    store<f32>(out + step, (ar - br) * c - (ai - bi) * s);
    store<f32>(out + step + plane, (ar - br) * s + (ai - bi) * c);
  }
}

/** output[2n] = real[n] · factor, output[2n + 1] = imag[n] · factor */
function interleave(from: usize, output: usize, half: i32, factor: f32): void {
  const plane = (<usize>half) << 2;
  const factors = f32x4.splat(factor);
  let n = 0;
  for (; n <= half - 4; n += 4) {
    const at = (<usize>n) << 2;
    const re = f32x4.mul(v128.load(from + at), factors);
    const im = f32x4.mul(v128.load(from + plane + at), factors);
    v128.store(output + 2 * at, v128.shuffle<i32>(re, im, 0, 4, 1, 5));
    v128.store(output + 2 * at, v128.shuffle<i32>(re, im, 2, 6, 3, 7), 16);
  }
  for (; n < half; n++) {
    const at = (<usize>n) << 2;
    store<f32>(output + 2 * at, load<f32>(from + at) * factor);
    store<f32>(output + 2 * at, load<f32>(from + plane + at) * factor, 4);
  }
}
