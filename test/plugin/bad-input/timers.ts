/** Intervals and time-outs that are under way since `watchTimers`; those of 0 ms, as Babylon's observables use, are over at once. */
export interface Timers {
  readonly running: number;
  stop(): void;
}

export function watchTimers(): Timers {
  const handles = new Set<unknown>();
  const { setInterval, clearInterval, setTimeout, clearTimeout } = globalThis;

  function later(run: () => void, ms?: number): unknown {
    const handle = setTimeout(() => {
      handles.delete(handle);
      run();
    }, ms);
    if ((ms ?? 0) > 0) handles.add(handle);
    return handle;
  }

  function again(run: () => void, ms?: number): unknown {
    const handle = setInterval(run, ms);
    handles.add(handle);
    return handle;
  }

  function clear(handle: unknown): void {
    handles.delete(handle);
    clearInterval(handle as ReturnType<typeof setInterval>);
  }

  const watched = {
    setInterval: again,
    setTimeout: later,
    clearInterval: clear,
    clearTimeout: clear,
  };
  Object.assign(globalThis, watched);
  return {
    get running() {
      return handles.size;
    },
    stop: () =>
      void Object.assign(globalThis, { setInterval, clearInterval, setTimeout, clearTimeout }),
  };
}
