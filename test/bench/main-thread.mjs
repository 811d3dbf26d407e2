/**
 * The longest task of the main thread in each phase of some work, from Chromium's own trace: milliseconds of CPU time, which
 * a busy machine does not lengthen as it does the clock's. Goal 8 ms. Node only: Playwright drives the page.
 *
 *   longestTasks(browser, page, () => page.evaluate(() => globalThis.runMainThread()))
 */

/** The marks of main-thread.ts. */
const PHASE = 'phase:';
/** A task without one of these ran no script: it drew, or collected garbage. */
const SCRIPT = new Set(['FunctionCall', 'RunMicrotasks']);
const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline', // RunTask
  'v8', // RunMicrotasks
  'blink.user_timing',
];

/**
 * @param {import('playwright').Browser} browser
 * @param {import('playwright').Page} page
 * @param {() => Promise<unknown>} work marks its phases; what comes after the last mark does not count.
 * @returns {Promise<Record<string, number>>} by phase
 */
export async function longestTasks(browser, page, work) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const marks = traceEvents.filter(({ name }) => name.startsWith(PHASE)).sort(byTime);
  const [{ pid, tid }] = marks;
  const events = traceEvents.filter((event) => event.pid === pid && event.tid === tid);
  return longestOf(tasksOf(events.sort(byTime)), marks);
}

/** Tasks that ran script. Events in order of time; a task comes before what happens in it. */
function tasksOf(events) {
  const tasks = [];
  let task;
  for (const event of events) {
    if (event.name === 'RunTask') task = event;
    if (task === undefined || event.ts > endOf(task) || !SCRIPT.has(event.name)) continue;
    if (tasks.at(-1) !== task) tasks.push(task);
  }
  return tasks;
}

/** A task belongs to the last phase that began before its end: phases begin tasks. */
function longestOf(tasks, marks) {
  const phases = marks.map(({ name, ts }) => ({ name: name.slice(PHASE.length), ts, longest: 0 }));
  for (const task of tasks) {
    const phase = phases.findLast(({ ts }) => ts < endOf(task));
    if (phase !== undefined) phase.longest = Math.max(phase.longest, task.tdur / 1000);
  }
  return Object.fromEntries(phases.slice(0, -1).map(({ name, longest }) => [name, longest]));
}

function endOf({ ts, dur }) {
  return ts + dur;
}

function byTime(a, b) {
  return a.ts - b.ts;
}
