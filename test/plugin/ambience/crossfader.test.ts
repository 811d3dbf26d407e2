import { expect, test } from 'vitest';
import { createCrossfader } from '../../../plugin/ambience/crossfader.ts';
import { installWebAudio, offlineContext, renderWith, SAMPLE_RATE } from '../web-audio.ts';

installWebAudio();

/** Constant 1 on the left, then on the right, so that both decks are seen. */
async function render(seconds: number, steps: Record<number, 'turn' | number>) {
  const context = offlineContext(seconds);
  const decks = createCrossfader(context, context.destination, 1);
  let channel = 0;
  function play(): void {
    const source = context.createConstantSource();
    const merger = context.createChannelMerger(2);
    source.connect(merger, 0, channel);
    if (decks.next) merger.connect(decks.next);
    source.start();
    channel = 1 - channel;
    decks.turn(0.5);
  }
  const actions = Object.entries(steps).map(([time, step]) => [
    time,
    () => (step === 'turn' ? play() : decks.setVolume(step, 0.5)),
  ]);
  return renderWith(context, Object.fromEntries(actions));
}

const at = (pcm: Float32Array, time: number) => pcm[Math.round(time * SAMPLE_RATE)] ?? 0;

test('what plays gives way to what begins, and the powers add up to 1 all the way', async () => {
  const { left, right } = await render(2, { 0: 'turn', 1: 'turn' });
  expect([at(left, 0), at(left, 0.75)]).toEqual([0, 1]);
  for (let time = 1; time < 1.6; time += 0.01) {
    expect(at(left, time) ** 2 + at(right, time) ** 2).toBeCloseTo(1, 2);
  }
  expect(at(left, 1.25)).toBeCloseTo(Math.SQRT1_2, 2);
  expect([at(left, 1.75), at(right, 1.75)]).toEqual([0, 1]);
});

test('volume goes evenly, also from the middle of a change', async () => {
  const { left } = await render(2, { 0: 'turn', 1: 0.5, 1.25: 1 });
  expect(at(left, 1.125)).toBeCloseTo(0.875, 2);
  expect(at(left, 1.25)).toBeCloseTo(0.75, 2);
  expect(at(left, 1.5)).toBeCloseTo(0.875, 2);
  expect(at(left, 1.9)).toBeCloseTo(1, 3);
});

test('the next deck is free when the last turn is over', async () => {
  const context = offlineContext(2);
  const decks = createCrossfader(context, context.destination, 1);
  const seen: boolean[] = [];
  const look = () => void seen.push(decks.settled);
  const turn = () => {
    look();
    decks.turn(0.5);
  };
  await renderWith(context, { 0: turn, 0.3: look, 0.6: turn, 1: look, 1.2: look });
  expect(seen).toEqual([true, false, true, false, true]);
});

test('without a context there is nothing to turn', () => {
  const decks = createCrossfader(null, null, 1);
  decks.turn(1);
  decks.setVolume(0, 1);
  decks.dispose();
  expect(decks.next).toBeUndefined();
});
