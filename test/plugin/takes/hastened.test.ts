/** What is being made ahead when an event wants it: with the worker's own service and queue, from map to voice. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent } from '../../../plugin/foley.ts';
import { createRuntimeClient } from '../../../runtime/client.ts';
import { fakePack } from '../../runtime/fake-pack.ts';
import { type FakeWorkers, fakeWorkers } from '../../runtime/fake-worker.ts';
import { FAKE_URL, servePack } from '../../runtime/serve-pack.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';

let fakes: FakeWorkers;

beforeEach(() => {
  fakes = fakeWorkers();
  vi.stubGlobal('indexedDB', new IDBFactory());
  servePack(fakePack());
});
afterEach(() => void vi.unstubAllGlobals());

/** A long bell is being made ahead, and a door waits behind it; both ring when their events come. */
async function setUp(lateness: number) {
  const ring = (name: string) =>
    sound(name, { duration: 4, lateness, priority: 2, on: [onEvent(name)] });
  const runtime = createRuntimeClient({ modelUrl: FAKE_URL, workerFactory: fakes.create });
  const sounds = soundMap(ring('bell'), ring('door'));
  const foley = await createFoleyWith(createNullAdapter(), { model: '/m/', runtime, sounds });
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const steps: { at: number; run: () => void }[] = [];
  fakes.before = (what) => {
    if (what === steps[0]?.at) steps.shift()?.run();
  };
  const over = () => vi.waitFor(() => expect(foley.stats().generated).toBe(2), 10_000);
  const dispose = async () => {
    await foley.dispose();
    await runtime.dispose();
  };
  return { foley, steps, events, over, dispose };
}

test('a sound is heard while it is made, though it was begun for later', async () => {
  const { foley, steps, events, over, dispose } = await setUp(10);
  steps.push({ at: 60, run: () => foley.trigger('bell') });
  await over();
  const heard = events.filter(({ kind }) => kind === 'played');
  expect(heard).toMatchObject([{ sound: 'bell', rung: 'streamed' }]);
  const told = events.map(({ kind, prompt }) => `${kind} ${prompt}`);
  expect(told.indexOf('played bell')).toBeLessThan(told.indexOf('generated bell'));
  await dispose();
});

test('a sound that waits to be made ahead overtakes the one that is', async () => {
  const { foley, steps, events, over, dispose } = await setUp(10);
  steps.push({ at: 60, run: () => foley.trigger('door') });
  await over();
  const told = events.map(({ kind, prompt }) => `${kind} ${prompt}`);
  expect(told).toEqual(['played door', 'generated door', 'generated bell']);
  await dispose();
});

test('what comes too late is silent, and ready the next time', async () => {
  const { foley, steps, events, over, dispose } = await setUp(1e-6);
  steps.push({ at: 60, run: () => foley.trigger('bell') });
  await over();
  foley.trigger('bell');
  const heard = events.filter(({ kind }) => kind === 'played' || kind === 'missed');
  expect(heard).toMatchObject([
    { kind: 'missed', reason: 'absent' },
    { kind: 'played', rung: 'exact' },
  ]);
  await dispose();
});
