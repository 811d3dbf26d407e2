/** Times the stages of a sound and tells the caller about them. */
import type { Progress, ProgressStage, StageTimings } from './contract.ts';

type Stage = Exclude<keyof StageTimings, 'totalMs' | 'steps'>;

export type Stopwatch = ReturnType<typeof createStopwatch>;

interface Told {
  onProgress?: ((progress: Progress) => void) | undefined;
}

export function createStopwatch({ onProgress }: Told) {
  const spent: Record<Stage, number> = {
    cacheMs: 0,
    textMs: 0,
    tokensMs: 0,
    decodeMs: 0,
    finishMs: 0,
  };
  const started = performance.now();
  let last = started;
  return {
    begin: (stage: ProgressStage) => onProgress?.({ stage, done: 0, total: 1, detail: '' }),
    onStep: (done: number, total: number) =>
      onProgress?.({ stage: 'tokens', done, total, detail: '' }),
    lap(stage: Stage) {
      const now = performance.now();
      spent[stage] += now - last;
      last = now;
    },
    timings: (steps: number): StageTimings => ({ ...spent, totalMs: last - started, steps }),
  };
}
