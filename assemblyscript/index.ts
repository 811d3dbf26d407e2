/**
 * What the WASM module exports: one kernel per file, no state, no allocation. Memory is TypeScript's
 * (runtime/kernels/kernels.ts), pointers are byte addresses, sizes are counts of elements.
 */
export { argmax } from './argmax';
export { attend } from './attend';
export { packBits, unpackBits } from './bit-pack';
export { pushCodes } from './codec-decoder';
export { convolveDepthwise } from './convolve';
export { crossfade } from './crossfade';
export { draw, nucleus } from './draw';
export { fadeIn, fadeOut, firstAbove, lastAbove } from './fades';
export { scale } from './gain';
export { gelu } from './gelu';
export { mixGuidance } from './guidance';
export { halvesBytes, splitHalves } from './halves';
export { inverseFft } from './inverse-fft';
export { computeLogits, nextColumn, readText } from './language-model';
export { layerNorm } from './layer-norm';
export { limit, limiterGains } from './limiter';
export { kWeightedEnergies } from './loudness';
export { multiply, rowSums } from './multiply';
export { divideByEnvelope, overlapAdd } from './overlap-add';
export { addPartials } from './partials';
export { peak } from './peak';
export { philox, uniform } from './philox';
export { rank } from './rank';
export { rotate } from './rotate';
export { addLookUp, addRows, addScaledRows } from './rows';
export { sampleCodebook } from './sample';
export { slidingMinimum } from './sliding-minimum';
export { addNoise } from './spectral-noise';
export { readHead } from './spectrum-head';
export { addStftFrame } from './stft-stream';
export { encodeText } from './text-encoder';
export { truePeaks } from './true-peak';
export { weigh } from './weigh';
