import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Pace } from '../../runtime/contract.ts';
import { createPacer, MAX_REST_MS, restMs } from '../../runtime/pace.ts';

const PACES: Pace[] = ['full', 'eased', 'slow', 'hidden'];

describe('the rest after a step', () => {
  test('is a share of what the step took: none, half, three quarters, nine tenths', () => {
    const shares = PACES.map((pace) => 8 / (8 + restMs(pace, false, 8)));
    expect(shares).toEqual([1, 1 / 2, 1 / 4, 1 / 10]);
  });

  test('grows with the pace, and is one pace shorter for what is needed now', () => {
    const patient = PACES.map((pace) => restMs(pace, false, 8));
    const urgent = PACES.map((pace) => restMs(pace, true, 8));
    expect(patient).toEqual([...patient].sort((a, b) => a - b));
    expect(urgent).toEqual([0, ...patient.slice(0, 3)]);
  });

  test('is bounded, however long the step took', () => {
    for (const pace of PACES) expect(restMs(pace, false, 60_000)).toBeLessThanOrEqual(MAX_REST_MS);
    expect(restMs('hidden', false, 60_000)).toBe(MAX_REST_MS);
    expect(restMs('hidden', false, 0)).toBe(0);
  });
});

describe('pacer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A generation whose steps take 10 ms each; the times at which they begin, after the first. */
  function generation() {
    const pacer = createPacer();
    const begun: number[] = [];
    const started = performance.now();
    const turn = pacer.rested(
      async () => {},
      () => false,
    );
    const run = async (steps: number) => {
      for (let i = 0; i < steps; i++) {
        vi.advanceTimersByTime(10);
        await turn();
        begun.push(performance.now() - started);
      }
    };
    return { pacer, begun, run };
  }

  test('at full pace there is no timer at all', async () => {
    const { begun, run } = generation();
    await run(3);
    expect([begun, vi.getTimerCount()]).toEqual([[10, 20, 30], 0]);
  });

  test('at a slower pace it rests before its turn', async () => {
    const { pacer, begun, run } = generation();
    pacer.setPace('slow');
    const running = run(3);
    await vi.runAllTimersAsync();
    await running;
    expect(begun).toEqual([40, 80, 120]);
  });

  test('waking ends a rest at once, and so does another pace', async () => {
    for (const end of ['wake', 'setPace'] as const) {
      const { pacer, begun, run } = generation();
      pacer.setPace('hidden');
      const running = run(1);
      await vi.advanceTimersByTimeAsync(20);
      expect(begun).toEqual([]);
      pacer[end]('full');
      await running;
      expect([begun, vi.getTimerCount()]).toEqual([[30], 0]);
    }
  });

  test('waking twice, or when nobody rests, does nothing', async () => {
    const { pacer, begun, run } = generation();
    pacer.wake();
    pacer.wake();
    await run(1);
    expect(begun).toEqual([10]);
  });

  test('time spent waiting for the turn is not rested for', async () => {
    const pacer = createPacer();
    pacer.setPace('eased');
    let isOthersTurn = true;
    const turn = pacer.rested(
      async () => {
        if (isOthersTurn) await new Promise((resolve) => setTimeout(resolve, 5000));
        isOthersTurn = false;
      },
      () => false,
    );
    const first = turn();
    await vi.advanceTimersByTimeAsync(5000);
    await first;
    vi.advanceTimersByTime(10);
    const second = turn();
    await vi.advanceTimersByTimeAsync(9);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(vi.getTimerCount()).toBe(0);
  });
});
