/**
 * Delay pattern: codebook k lags by k steps, so one step predicts one code of each codebook.
 *
 *   codes  [K=3, T=4]      columns of the steps [K=3, S=6]
 *   1 2 3 4                1 2 3 4 V V
 *   5 6 7 8           →    V 5 6 7 8 V      V = codebookSize: "none yet / no more"
 *   9 1 2 3                V V 9 1 2 3
 *
 * K codebooks, T codec frames, S = T + K − 1 steps. A step is fed with the column of the step before, the first with V.
 * Source: Copet et al. 2023, arXiv:2306.05284. Twins: assemblyscript/language-model.ts, training/delay_pattern.py.
 */

/** S: steps that T codec frames take. */
export function stepsOf(codecFrames: number, numCodebooks: number): number {
  return codecFrames + numCodebooks - 1;
}

/** True where the codebook has a code at that step; it is the code of codec frame step − codebook. */
export function isInside(step: number, codebook: number, codecFrames: number): boolean {
  return step >= codebook && step - codebook < codecFrames;
}
