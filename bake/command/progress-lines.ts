/**
 * A bake's progress in words.
 *
 *   terminal   ████████░░░░░░░░░░░░  412/1000 takes, 1 min 20 s left        drawn again in its place
 *   else       412 of 1000 takes, 1 min 20 s left                          a line now and then: a log is read later
 */
import type { BakeProgress } from '../bake.ts';
import type { Output } from '../command.ts';

const BAR_CELLS = 24;
/** Between two drawings of the bar. */
const BAR_MS = 100;
/** Between two lines. */
const LINE_MS = 10_000;
/** One line up, and empty. */
const OVER_LAST_LINE = '\u001b[1A\u001b[2K';

export interface ProgressLines {
  show(progress: BakeProgress): void;
  /** Something else: it stays, and the bar is drawn anew below it. */
  say(line: string): void;
}

/** @param now milliseconds */
export function createProgressLines(
  { printError, isTerminal = false }: Output,
  now: () => number = () => performance.now(),
): ProgressLines {
  let stage: BakeProgress['stage'] | undefined;
  let began = 0;
  let shown = 0;
  let isDrawn = false;

  function isDue({ done, total }: BakeProgress): boolean {
    if (isTerminal) return done === total || now() - shown >= BAR_MS;
    return now() - shown >= LINE_MS;
  }

  function draw(line: string): void {
    printError(isDrawn ? OVER_LAST_LINE + line : line);
  }

  return {
    show(progress) {
      if (progress.stage !== stage) {
        stage = progress.stage;
        began = now();
        shown = began;
        isDrawn = false;
      }
      // What is found at once is not worth a bar.
      if (progress.made === 0 || !isDue(progress)) return;
      shown = now();
      draw(textOf(progress, now() - began, isTerminal));
      isDrawn = isTerminal;
    },
    say(line) {
      draw(line);
      isDrawn = false;
    },
  };
}

function textOf(progress: BakeProgress, elapsedMs: number, isTerminal: boolean): string {
  const { stage, done, total, made } = progress;
  const left = ((total - done) * elapsedMs) / made;
  const time = done === total ? '' : `, ${spanOf(left)} left`;
  if (!isTerminal) return `${done} of ${total} ${stage}${time}`;
  const full = Math.round((BAR_CELLS * done) / Math.max(1, total));
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}  ${done}/${total} ${stage}${time}`;
}

/** 8 s, 1 min 20 s, 2 h 5 min */
export function spanOf(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
