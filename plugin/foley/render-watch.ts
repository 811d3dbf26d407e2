/**
 * How fast the worker may generate, judged by what the player sees: render-frame times, and whether the page is visible.
 *
 *   onRenderFrame ──▶ time since the last one ──▶ a window of a second ──▶ p95 against the baseline ──▶ pace
 *   visibilitychange ────────────────────────────────────────────────────────────▶ 'hidden' ──▶ the worker
 *
 *   p95 > 1.1 · baseline + 2.5 ms    one pace slower: full → eased → slow
 *   three good windows in a row      one pace faster
 *
 * The baseline is the page's own: the p95 of the last window in which nothing was generated; while something is, the least
 * p95 so far, so that a slow generation cannot become the measure of itself. A game that grows heavier in the middle of a
 * generation is thus taken for one that suffers, until the generation ends.
 *
 * Steps rather than a formula: browsers show whole refresh intervals, so a game that has hardly too little time jumps from
 * 16.7 to 33.3 ms. 2.5 ms is what callbacks come late without an image being lost, on two busy cores. The worker hears of
 * changes only, at most one a second. A render frame allocates nothing.
 */
import type { RuntimeClient } from '../../runtime/client.ts';
import type { Pace, Seconds } from '../../runtime/contract.ts';
import type { EngineAdapter, Unsubscribe } from '../adapter.ts';

export interface RenderJudge {
  /** What the render frames so far allow; never 'hidden'. */
  readonly pace: Pace;
  /** A render frame begins. @param busy something is being generated or loaded */
  renderFrame(time: Seconds, busy: boolean): void;
  /** The next render frame has no predecessor. */
  interrupt(): void;
}

const WINDOW: Seconds = 1;
/** Fewer render frames tell nothing: a slow game's window lasts longer. */
const LEAST_INTERVALS = 30;
const MOST_INTERVALS = 256;
/** Whoever renders more rarely stands still: a menu, a level that loads, a page that was hidden. */
const LONGEST_INTERVAL: Seconds = 1;
/** More than this is suffering. */
const TOLERATED = 1.1;
const JITTER: Seconds = 0.0025;
const RECOVERY_WINDOWS = 3;
const VISIBLE_PACES = ['full', 'eased', 'slow'] as const;

export function createRenderJudge(): RenderJudge {
  const intervals = new Float64Array(MOST_INTERVALS); // seconds
  let count = 0;
  let sum: Seconds = 0;
  let wasBusy = false;
  let last: Seconds | null = null;
  let baseline: Seconds = Infinity;
  let level = 0;
  let goodWindows = 0;

  function judge(p95: Seconds): void {
    const suffers = p95 > TOLERATED * baseline + JITTER;
    goodWindows = suffers ? 0 : goodWindows + 1;
    if (suffers && level < VISIBLE_PACES.length - 1) level += 1;
    if (goodWindows < RECOVERY_WINDOWS) return;
    goodWindows = 0;
    if (level > 0) level -= 1;
  }

  function endWindow(): void {
    const sorted = intervals.subarray(0, count).sort();
    const p95 = sorted[Math.ceil(0.95 * count) - 1]!;
    baseline = wasBusy ? Math.min(baseline, p95) : p95;
    judge(p95);
    beginWindow();
  }

  function beginWindow(): void {
    count = 0;
    sum = 0;
    wasBusy = false;
  }

  function interrupt(): void {
    last = null;
    beginWindow();
  }

  return {
    get pace() {
      return VISIBLE_PACES[level]!;
    },
    renderFrame(time, busy) {
      const interval = time - (last ?? time);
      if (!(interval <= LONGEST_INTERVAL)) interrupt();
      const isFirst = last === null;
      last = time;
      if (isFirst) return;
      intervals[count++] = interval;
      sum += interval;
      wasBusy ||= busy;
      const isLong = sum >= WINDOW && count >= LEAST_INTERVALS;
      if (isLong || count === MOST_INTERVALS) endWindow();
    },
    interrupt,
  };
}

/**
 * Tells the runtime its pace from now on.
 * @returns ends it: full pace again, for whoever else uses the runtime. Twice is fine.
 */
export function watchRenderFrames(
  adapter: Pick<EngineAdapter<unknown>, 'now' | 'onRenderFrame'>,
  runtime: RuntimeClient,
): Unsubscribe {
  const judge = createRenderJudge();
  const page = typeof document === 'undefined' ? undefined : document;
  let told: Pace = 'full';

  function tell(pace: Pace): void {
    if (pace !== told) runtime.setPace(pace);
    told = pace;
  }

  function onVisibility(): void {
    const isHidden = page?.visibilityState === 'hidden';
    if (isHidden) judge.interrupt();
    tell(isHidden ? 'hidden' : judge.pace);
  }

  const stopMeasuring = adapter.onRenderFrame(() => {
    if (told === 'hidden') return; // some games go on, at the browser's mercy
    judge.renderFrame(adapter.now(), runtime.busy);
    tell(judge.pace);
  });
  page?.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    stopMeasuring();
    page?.removeEventListener('visibilitychange', onVisibility);
    tell('full');
  };
}
