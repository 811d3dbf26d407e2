/**
 * What the WASM module exports: one kernel per file, no state, no allocation. Memory is TypeScript's
 * (runtime/kernels/kernels.ts), pointers are byte addresses, sizes are counts of elements.
 */
export { argmax } from './argmax';
export { packBits, unpackBits } from './bit-pack';
export { crossfade } from './crossfade';
export { draw, nucleus } from './draw';
export { fadeIn, fadeOut, firstAbove, lastAbove } from './fades';
export { scale } from './gain';
export { mixGuidance } from './guidance';
export { inverseFft } from './inverse-fft';
export { limit, limiterGains } from './limiter';
export { kWeightedEnergies } from './loudness';
export { divideByEnvelope, overlapAdd } from './overlap-add';
export { addPartials } from './partials';
export { peak } from './peak';
export { philox, uniform } from './philox';
export { rank } from './rank';
export { slidingMinimum } from './sliding-minimum';
export { addNoise } from './spectral-noise';
export { truePeaks } from './true-peak';
export { weigh } from './weigh';
