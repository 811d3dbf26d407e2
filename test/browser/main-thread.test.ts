/**
 * What the main thread does while sounds are generated, by facts that do not depend on the machine's speed: which work is
 * done there at all, and how much of it at a time. `test/bench/main-thread.mjs` has the milliseconds.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith, type Foley } from '../../plugin/foley.ts';
import type { Point } from '../../plugin/scene-event.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const REQUESTS = Array.from({ length: 12 }, (_, seed) => ({
  prompt: 'glass',
  seed,
  duration: 0.2,
}));

/** What passes between the threads, and what is copied for it. */
interface Traffic {
  /** Requests for a sound that one task sent, at most. */
  mostSent: number;
  /** Samples of one copy, at most. */
  mostCopied: number;
  copies: number;
}

let traffic: Traffic;
let foley: Foley<Point>;

/** The real worker, watched: what we send is counted until the next task. */
function watchedWorker(): Worker {
  const worker = new Worker(new URL('../../runtime/worker.ts', import.meta.url), {
    type: 'module',
  });
  let sent = 0;
  const post = worker.postMessage.bind(worker) as (message: unknown, rest: unknown) => void;
  worker.postMessage = (message: { path?: string[] }, rest?: unknown) => {
    if (message.path?.[0] === 'generate') {
      if (sent++ === 0) setTimeout(() => (sent = 0));
      traffic.mostSent = Math.max(traffic.mostSent, sent);
    }
    post(message, rest);
  };
  return worker;
}

beforeEach(async () => {
  traffic = { mostSent: 0, mostCopied: 0, copies: 0 };
  const { copyToChannel } = AudioBuffer.prototype;
  vi.spyOn(AudioBuffer.prototype, 'copyToChannel').mockImplementation(function (
    this: AudioBuffer,
    pcm,
    ...rest
  ) {
    traffic.copies += 1;
    traffic.mostCopied = Math.max(traffic.mostCopied, pcm.length);
    copyToChannel.call(this, pcm, ...rest);
  });
  foley = await createFoleyWith(createWebAudioAdapter(), {
    model: `/${TINY_PACK}/`,
    persist: false,
    workerFactory: watchedWorker,
  });
});

afterEach(async () => {
  await foley.dispose();
  await new Promise((resolve) => setTimeout(resolve, 50)); // what was under way is no work of the next test
  vi.restoreAllMocks();
});

describe('while sounds are generated, the main thread', () => {
  test('compiles no WebAssembly', async () => {
    const calls = (
      ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'] as const
    ).map((name) => vi.spyOn(WebAssembly, name));
    const modules = vi.spyOn(WebAssembly, 'Module');
    await foley.prefetch(REQUESTS.slice(0, 2));
    for (const call of [...calls, modules]) expect(call).not.toHaveBeenCalled();
  });

  test('hashes nothing, and reads no file of the model', async () => {
    const digest = vi.spyOn(crypto.subtle, 'digest');
    const fetched = vi.spyOn(globalThis, 'fetch');
    await foley.prefetch(REQUESTS.slice(0, 2));
    expect(digest).not.toHaveBeenCalled();
    expect(fetched).not.toHaveBeenCalled();
  });

  test('copies the samples of one take, or of parts of one, at a time, however many are asked for', async () => {
    await foley.runtime.load();
    const played = REQUESTS.map(({ prompt, ...rest }) =>
      foley.emitter({ x: 0, y: 0, z: 1 }).play(prompt, rest),
    );
    await Promise.all(played);
    expect(traffic.copies).toBeGreaterThanOrEqual(REQUESTS.length);
    expect(traffic.mostCopied).toBeLessThanOrEqual(0.2 * 48000); // parts are resampled to the context's rate
    expect(traffic.mostCopied).toBeGreaterThan(0);
  });

  test('sends two requests of a prefetch at a time', async () => {
    await foley.prefetch(REQUESTS);
    expect(traffic.copies).toBe(REQUESTS.length);
    expect([1, 2]).toContain(traffic.mostSent);
  });
});

describe('a hidden page', () => {
  /** As the browser does when another tab comes to the front. */
  function setVisibility(state: DocumentVisibilityState): void {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  }

  test('gets its sounds too, the same ones, and goes on at full pace when it is shown', async () => {
    const setPace = vi.spyOn(foley.runtime, 'setPace');
    setVisibility('hidden');
    const hidden = await foley.runtime.generate(REQUESTS[0]!);
    setVisibility('visible');
    await foley.runtime.clearCache();
    const visible = await foley.runtime.generate(REQUESTS[0]!);
    expect([visible.source, visible.codes]).toEqual(['generated', hidden.codes]);
    expect(setPace.mock.calls).toEqual([['hidden'], ['full']]);
  });
});
