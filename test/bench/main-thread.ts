/**
 * All that SceneFoley does on the main thread, one phase after the other, in a page without a game.
 *
 *   create    createFoleyWith, which makes the AudioContext
 *   load      the worker starts, the model is loaded and checked
 *   generate  20 sounds of 0.5 s and one of 10 s, as AudioBuffers
 *   events    a rule, then 64 collisions in one task, ten times
 *   play      16 new emitters that play, in one task
 *   dispose
 *
 * Each phase is marked in the timeline as `phase:<name>`: main-thread.mjs reads the trace.
 */
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import type { Point, SceneEvent } from '../../plugin/scene-event.ts';

const CLINK = { prompt: 'metal crate hits stone hard', duration: 0.5 } as const;
const TAKES = 20;
const EVENTS = 64;

export async function exerciseMainThread(modelUrl: string): Promise<void> {
  await begin('create');
  const adapter = createWebAudioAdapter();
  const foley = await createFoleyWith(adapter, { model: modelUrl, persist: false });
  const stopRendering = render(() => adapter.update());
  await foley.unlock();

  await begin('load');
  await foley.runtime.load();

  await begin('generate');
  const takes = Array.from({ length: TAKES }, (_, seed) => ({ ...CLINK, seed }));
  await foley.prefetch([...takes, { prompt: 'pouring rain outside', duration: 10, loop: true }]);

  await begin('events');
  foley.addRule({ ...CLINK, takes: TAKES, cooldown: 0 });
  for (let burst = 0; burst < 10; burst++) {
    await wait(100);
    for (let i = 0; i < EVENTS; i++) adapter.emit(collision(i));
  }

  await begin('play');
  const nodes: Point[] = Array.from({ length: 16 }, (_, x) => ({ x, y: 0, z: 1 }));
  const played = nodes.map((node, seed) =>
    foley.emitter(node).play(CLINK.prompt, { ...CLINK, seed }),
  );
  await Promise.all(played);

  await begin('dispose');
  await foley.dispose();
  stopRendering();
  await begin('end');
}

/** In a task of its own, when what came before has ended. */
async function begin(phase: string): Promise<void> {
  await wait(300);
  performance.mark(`phase:${phase}`);
}

function render(update: () => void): () => void {
  const next = () => {
    update();
    handle = requestAnimationFrame(next);
  };
  let handle = requestAnimationFrame(next);
  return () => cancelAnimationFrame(handle);
}

function collision(i: number): SceneEvent {
  const a = { id: `${i}`, name: 'crate', material: 'metal', tags: [] };
  const b = { id: 'floor', name: 'floor', material: 'stone', tags: [] };
  return { kind: 'collision', a, b, point: { x: i, y: 0, z: 0 }, impulse: 10 };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
