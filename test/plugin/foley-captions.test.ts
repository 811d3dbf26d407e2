/** Captions of what a foley plays: only of what is heard, only from captions. */
import { expect, test } from 'vitest';
import type { Caption } from '../../plugin/captions.ts';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import { createFakeRuntime, createLog, sine } from './fake-runtime.ts';
import { installWebAudio, offlineContext } from './web-audio.ts';

installWebAudio();

async function setUp(maxVoices = 8) {
  const adapter = createWebAudioAdapter({ context: offlineContext(1) });
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.2) });
  const options = { model: '/m/', runtime, logger: createLog(), maxVoices };
  const foley = await createFoleyWith(adapter, options);
  const told: Caption[] = [];
  foley.onCaption((caption) => told.push(caption));
  return { foley, adapter, told };
}

test('a caption is shown with its direction, and follows its place', async () => {
  const { foley, adapter, told } = await setUp();
  const node = { x: 5, y: 0, z: 0 };
  const emitter = foley.emitter(node);
  await emitter.play('roaring log fire in a stone hall', { loop: true, caption: 'fire crackles' });
  adapter.update();
  node.x = -5;
  await new Promise((resolve) => setTimeout(resolve, 110));
  adapter.update();
  expect(told.map(({ kind, text, direction }) => [kind, text, direction])).toEqual([
    ['shown', 'fire crackles', 'right'],
    ['changed', 'fire crackles', 'left'],
  ]);
  await foley.dispose();
  expect(told.at(-1)).toMatchObject({ kind: 'gone', text: 'fire crackles' });
});

test('no caption, no line: prompts are never shown', async () => {
  const { foley, adapter, told } = await setUp();
  await foley.emitter({ x: 0, y: 0, z: 0 }).play('heavy door');
  adapter.update();
  expect(told).toEqual([]);
  await foley.dispose();
});

test('what is refused or too quiet is not shown', async () => {
  const { foley, adapter, told } = await setUp(1);
  const emitter = foley.emitter({ x: 1, y: 0, z: 0 });
  await emitter.play('bell', { caption: 'bell', priority: 1 });
  await emitter.play('door', { caption: 'door', priority: 0 });
  await foley.emitter({ x: 2000, y: 0, z: 0 }).play('horn', { caption: 'horn', priority: 2 });
  adapter.update();
  expect(told.map(({ text }) => text)).toEqual(['bell']);
  await foley.dispose();
});
