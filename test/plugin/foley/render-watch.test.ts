import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEventHub } from '../../../plugin/engines/event-hub.ts';
import { createRenderJudge, watchRenderFrames } from '../../../plugin/foley/render-watch.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Milliseconds between two images of a display with 60 Hz; one that is late misses a whole one. */
const REFRESH = 1000 / 60;

interface Rendering {
  seconds: number;
  /** Milliseconds from one render frame to the next. */
  interval?: (index: number) => number;
  busy?: boolean;
}

const steady = () => REFRESH;
const dropping = (every: number) => (i: number) => (i % every === 0 ? 2 : 1) * REFRESH;

/** A judge and a clock that renders. */
function game() {
  const judge = createRenderJudge();
  let time = 100;
  let index = 0;
  judge.renderFrame(time, false);
  const render = ({ seconds, interval = steady, busy = false }: Rendering) => {
    const paces = [judge.pace];
    for (const end = time + seconds; time < end; ) {
      time += interval(++index) / 1000;
      judge.renderFrame(time, busy);
      if (judge.pace !== paces.at(-1)) paces.push(judge.pace);
    }
    return paces;
  };
  const pause = (seconds: number) => {
    time += seconds;
    judge.renderFrame(time, true);
  };
  return { judge, render, pause };
}

describe('the pace', () => {
  test('is full while images come as they do without generation', () => {
    const { render } = game();
    expect(render({ seconds: 3 })).toEqual(['full']);
    expect(render({ seconds: 30, busy: true })).toEqual(['full']);
  });

  test('falls step by step to slow while every tenth image is lost, and no further', () => {
    const { render } = game();
    render({ seconds: 3 });
    const suffering = { interval: dropping(10), busy: true };
    expect(render({ seconds: 1.2, ...suffering })).toEqual(['full', 'eased']);
    expect(render({ seconds: 30, ...suffering })).toEqual(['eased', 'slow']);
  });

  test('rises again step by step, a step every three good windows', () => {
    const { render } = game();
    render({ seconds: 3 });
    render({ seconds: 3, interval: dropping(10), busy: true });
    expect(render({ seconds: 2.5, busy: true })).toEqual(['slow']);
    expect(render({ seconds: 5, busy: true })).toEqual(['slow', 'eased', 'full']);
  });

  test('does not mind a rare lost image, nor callbacks that jitter by 2 ms', () => {
    const { render } = game();
    render({ seconds: 3 });
    expect(render({ seconds: 10, interval: dropping(60), busy: true })).toEqual(['full']);
    const jitter = (i: number) => REFRESH + [2, -2, 0][i % 3]!;
    expect(render({ seconds: 10, interval: jitter, busy: true })).toEqual(['full']);
  });

  test('changes at most once a second', () => {
    const { render } = game();
    render({ seconds: 3 });
    for (let second = 0; second < 30; second++) {
      const interval = dropping(second % 7 < 2 ? 5 : 1000);
      expect(render({ seconds: 0.99, interval, busy: true }).length).toBeLessThanOrEqual(2);
    }
  });
});

describe('the baseline', () => {
  test("is the page's own: a game of 20 images a second does not suffer for that", () => {
    const { render } = game();
    const interval = () => 50;
    render({ seconds: 5, interval });
    expect(render({ seconds: 30, interval, busy: true })).toEqual(['full']);
  });

  test('without a calm second is the best so far', () => {
    const { render } = game();
    expect(render({ seconds: 5, interval: dropping(2), busy: true })).toEqual(['full']);
    expect(render({ seconds: 5, busy: true })).toEqual(['full']);
    expect(render({ seconds: 3, interval: dropping(2), busy: true }).at(-1)).toBe('slow');
  });

  test('does not get used to slow images while something is generated, but does while nothing is', () => {
    const { render } = game();
    render({ seconds: 3 });
    const interval = () => 2 * REFRESH;
    expect(render({ seconds: 60, interval, busy: true }).at(-1)).toBe('slow');
    expect(render({ seconds: 10, interval }).at(-1)).toBe('full');
    expect(render({ seconds: 30, interval, busy: true })).toEqual(['full']);
  });
});

describe('a pause', () => {
  test('longer than a second is no render frame, and its window begins afresh', () => {
    const { render, pause } = game();
    render({ seconds: 3 });
    for (let i = 0; i < 20; i++) {
      render({ seconds: 0.9, interval: dropping(5), busy: true });
      pause(5);
    }
    expect(render({ seconds: 3, busy: true })).toEqual(['full']);
  });

  test('that was announced counts neither, however short', () => {
    const { judge, render, pause } = game();
    render({ seconds: 3 });
    for (let i = 0; i < 60; i++) {
      judge.interrupt();
      pause(0.5);
    }
    expect(render({ seconds: 3, busy: true })).toEqual(['full']);
  });
});

describe('few and many images', () => {
  test('a game that hardly moves is judged over thirty of them', () => {
    const { render } = game();
    render({ seconds: 20, interval: () => 200 });
    expect(render({ seconds: 5.8, interval: () => 400, busy: true })).toEqual(['full']);
    expect(render({ seconds: 12, interval: () => 400, busy: true })).toEqual(['full', 'eased']);
  });

  test('a display of 1000 Hz fits', () => {
    const { render } = game();
    render({ seconds: 3, interval: () => 1 });
    expect(render({ seconds: 3, interval: () => 1, busy: true })).toEqual(['full']);
    expect(render({ seconds: 3, interval: () => 8, busy: true }).at(-1)).toBe('slow');
  });
});

describe('the watch', () => {
  /** A page with a game at 60 images a second whose runtime is told. */
  function setUp({ withDocument = true } = {}) {
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    if (withDocument) vi.stubGlobal('document', page);
    const renderFrames = createEventHub<void>();
    const runtime = createFakeRuntime();
    let time = 0;
    const adapter = { now: () => time, onRenderFrame: renderFrames.subscribe };
    const render = (seconds: number, interval = REFRESH) => {
      for (const end = time + seconds; time < end; time += interval / 1000) renderFrames.emit();
    };
    const show = (visibilityState: string) => {
      page.visibilityState = visibilityState;
      page.dispatchEvent(new Event('visibilitychange'));
    };
    return { page, adapter, runtime, renderFrames, render, show };
  }

  test('tells the runtime changes, and nothing else', () => {
    const { adapter, runtime, render } = setUp();
    watchRenderFrames(adapter, runtime);
    render(5);
    expect(runtime.paces).toEqual([]);
    runtime.busy = true;
    render(10, 2 * REFRESH);
    expect(runtime.paces).toEqual(['eased', 'slow']);
    render(10);
    expect(runtime.paces).toEqual(['eased', 'slow', 'eased', 'full']);
  });

  test('a hidden page is told at once, a visible one goes on where it was', () => {
    const { adapter, runtime, render, show } = setUp();
    watchRenderFrames(adapter, runtime);
    render(5);
    runtime.busy = true;
    render(3, 2 * REFRESH);
    show('hidden');
    render(60, 900); // some games go on
    show('visible');
    render(2.5);
    expect(runtime.paces).toEqual(['eased', 'slow', 'hidden', 'slow']);
  });

  test('a page that is hidden from the beginning is told too', () => {
    const { page, adapter, runtime, show } = setUp();
    page.visibilityState = 'hidden';
    watchRenderFrames(adapter, runtime);
    show('hidden');
    show('visible');
    expect(runtime.paces).toEqual(['hidden', 'full']);
  });

  test('ended, it leaves full pace and no listener; twice is fine', () => {
    const { adapter, runtime, renderFrames, show } = setUp();
    const stop = watchRenderFrames(adapter, runtime);
    show('hidden');
    stop();
    stop();
    show('visible');
    show('hidden');
    expect([runtime.paces, renderFrames.size]).toEqual([['hidden', 'full'], 0]);
  });

  test('works without a document', () => {
    const { adapter, runtime, render } = setUp({ withDocument: false });
    const stop = watchRenderFrames(adapter, runtime);
    render(3);
    stop();
    expect(runtime.paces).toEqual([]);
  });
});
