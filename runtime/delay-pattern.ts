/**
 * Delay pattern: codebook k lags by k steps, so one step predicts one code of each codebook.
 *
 *   codes  [K=3, T=4]      delayed [K=3, S=6]
 *   1 2 3 4                1 2 3 4 P P
 *   5 6 7 8           →    P 5 6 7 8 P
 *   9 1 2 3                P P 9 1 2 3
 *
 * K codebooks, T codec frames, S = T + K − 1 steps, P pad. Row-major.
 * Source: Copet et al. 2023, arXiv:2306.05284. Twin: training/delay_pattern.py.
 */

/** S: steps that T codec frames take. */
export function stepsOf(codecFrames: number, numCodebooks: number): number {
  return codecFrames + numCodebooks - 1;
}

/**
 * codes u16 [K, T] → delayed u16 [K, S].
 * @throws RangeError if `codes` does not hold K · T codes.
 */
export function delayCodes(
  codes: Uint16Array,
  numCodebooks: number,
  codecFrames: number,
  pad: number,
): Uint16Array {
  checkSize('codes', codes, numCodebooks, codecFrames);
  const steps = stepsOf(codecFrames, numCodebooks);
  const delayed = new Uint16Array(numCodebooks * steps).fill(pad);
  for (let k = 0; k < numCodebooks; k++) {
    delayed.set(codes.subarray(k * codecFrames, (k + 1) * codecFrames), k * steps + k);
  }
  return delayed;
}

/**
 * delayed u16 [K, S] → codes u16 [K, T]; what lies outside the pattern is dropped.
 * @throws RangeError if `delayed` does not hold K · S codes.
 */
export function undelayCodes(
  delayed: Uint16Array,
  numCodebooks: number,
  codecFrames: number,
): Uint16Array {
  const steps = stepsOf(codecFrames, numCodebooks);
  checkSize('delayed codes', delayed, numCodebooks, steps);
  const codes = new Uint16Array(numCodebooks * codecFrames);
  for (let k = 0; k < numCodebooks; k++) {
    const begin = k * steps + k;
    codes.set(delayed.subarray(begin, begin + codecFrames), k * codecFrames);
  }
  return codes;
}

/**
 * What the language model is fed at a step: `special` everywhere at step 0, later the column of the
 * delayed codes one step back, its pads being `special` too.
 *
 *   step     0   1   2   3   …
 *   column   V   1   2   3
 *            V   V   5   6
 *            V   V   V   9
 *
 * @returns u16 [K]
 */
export function inputColumn(
  delayed: Uint16Array,
  numCodebooks: number,
  step: number,
  special: number,
): Uint16Array {
  const column = new Uint16Array(numCodebooks).fill(special);
  if (step === 0) return column;
  const steps = delayed.length / numCodebooks;
  for (let k = 0; k < numCodebooks; k++) column[k] = delayed[k * steps + step - 1]!;
  return column;
}

function checkSize(what: string, array: Uint16Array, rows: number, columns: number): void {
  if (array.length === rows * columns) return;
  throw new RangeError(
    `delay-pattern: the ${what} should be ${rows} × ${columns}, we got ${array.length} in all. ` +
      'Check the number of codebooks and of codec frames.',
  );
}
