/**
 * Fills the noise into one STFT frame of a decoded spectrum: what the decoder says is noise in a bin
 * becomes two random numbers, uniform with variance ½ each, times its magnitude.
 *
 *   real, imag  f32[bins]  in place
 *   magnitude   f32[bins]  root mean square of the noise, ≥ 0
 *   bins        i32 ≥ 0    any; bins 2p and 2p + 1 share one Philox block
 *   stftFrame   u32        counted from the clip's first: same clip, same noise
 *   block       u32[4]     work space
 *
 * Counter (p, stftFrame, 0, 0), key ("Nois", 0); words 0 and 1 for the even bin, 2 and 3 for the odd one.
 * Scalar: the generator is a chain. Twins: test/reference/spectral-noise.ts, training/philox.py.
 */
import { philox } from './philox';

const KEY: u32 = 0x4e6f6973;
/** A uniform number in ±½ times √6 has variance ½. */
const SPREAD: f32 = 2.449489742783178;

export function addNoise(
  real: usize,
  imag: usize,
  magnitude: usize,
  bins: i32,
  stftFrame: u32,
  block: usize,
): void {
  for (let bin = 0; bin < bins; bin++) {
    const odd = (<usize>(bin & 1)) << 3;
    if (odd === 0) {
      store<u32>(block, bin >> 1);
      store<u32>(block, stftFrame, 4);
      store<u64>(block, 0, 8);
      philox(block, KEY, 0);
    }
    const at = (<usize>bin) << 2;
    const level = load<f32>(magnitude + at);
    store<f32>(real + at, load<f32>(real + at) + level * spread(load<u32>(block + odd)));
    store<f32>(imag + at, load<f32>(imag + at) + level * spread(load<u32>(block + odd, 4)));
  }
}

/** A random word → f32 in ±½ · √6. */
function spread(word: u32): f32 {
  return (<f32>(word >>> 8) * <f32>(1.0 / 16777216.0) - <f32>0.5) * SPREAD;
}
