/** What the judge's golden test hears and reads: any language can compute it. Twin: training/export_judge.py, tones(), states(). */

/** f32 [samples]: a struck thing of eight partials. */
export function tones(samples: number, seed: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < 8; k++) {
      sum += Math.sin(0.01 * (seed + 1) * (k + 1) ** 1.5 * n + k) / (k + 1);
    }
    return 0.3 * sum * Math.exp(-n / (2000 * (seed + 1)));
  });
}

/** f32 [768]: what a text's mean states might be. */
export function states(seed: number): Float32Array {
  return Float32Array.from({ length: 768 }, (_, i) => 0.5 * Math.sin(i * (seed + 1.3)));
}
