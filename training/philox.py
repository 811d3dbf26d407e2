"""Philox 4x32-10: a counter-based random generator, one draw per (seed, step, codebook).

    uniform(seed, step, codebook) -> f32 in [0, 1)

The key is (seed, 0), the counter (step, codebook, 0, 0); the draw is the top 24 bits of output word 0.
    spectral_noise(frames, bins) -> f32 [2, frames, bins], variance 1/2 each: what fills a decoded spectrum's noise

STFT frame j, bins 2p and 2p + 1: key ("Nois", 0), counter (p, j, 0, 0), two words a bin.
Twins: assemblyscript/philox.ts, assemblyscript/spectral-noise.ts, test/reference/.
Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; known answers from Random123.
"""

import numpy as np

MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
MASK = 0xFFFFFFFF
NOISE_KEY = 0x4E6F6973


def philox_4x32(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Ten rounds over four 32-bit words."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        product_0, product_1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> 32) ^ c1 ^ k0,
            product_1 & MASK,
            (product_0 >> 32) ^ c3 ^ k1,
            product_0 & MASK,
        )
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


def uniform(seed: int, step: int, codebook: int) -> float:
    """The draw that chooses the code of `codebook` at `step`; exact in float32."""
    return (philox_4x32((step, codebook, 0, 0), (seed & MASK, 0))[0] >> 8) / (1 << 24)


def spectral_noise(frames: int, bins: int) -> np.ndarray:
    """f32 [2, frames, bins]: for the real and the imaginary part of each bin of each STFT frame"""
    pairs = (bins + 1) // 2
    counter = np.zeros((4, frames, pairs), np.uint64)
    counter[0], counter[1] = np.arange(pairs)[None], np.arange(frames)[:, None]
    words = np.stack(philox_4x32(tuple(counter), (NOISE_KEY, 0)))  # (4, F, pairs): even re, even im, odd re, odd im
    uniform_words = (words >> np.uint64(8)).astype(np.float32) * np.float32(2**-24) - np.float32(0.5)
    values = uniform_words * np.float32(6**0.5)
    return values.reshape(2, 2, frames, pairs).transpose(1, 2, 3, 0).reshape(2, frames, 2 * pairs)[..., :bins]
