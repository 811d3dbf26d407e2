/** The same session seed and the same two hundred events, lasting ones among them: the same log and the same samples. */
import { expect, test } from 'vitest';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createFoleyWith, type FoleyEvent, type Lasting } from '../../../plugin/foley.ts';
import { collision, thing } from '../events.ts';
import { createFakeRuntime, sine } from '../fake-runtime.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { installWebAudio, offlineContext, renderWith, rms } from '../web-audio.ts';

installWebAudio();

const EVENTS = 200;
const SECONDS = 4;
const MATERIALS = ['wood', 'metal', 'stone', 'glass'];
const jitter = { pitch: 2, volume: 3 };

const MAP = soundMap(
  sound('hit', {
    prompt: 'hit of {a.material}',
    variations: 4,
    jitter,
    voices: { max: 4, steal: 'oldest', fade: 0.01 },
  }),
  sound('bell', { variations: 3, jitter, attenuation: null, on: [onEvent('ring')] }),
  sound('engine', {
    loop: true,
    variations: 2,
    jitter,
    control: [{ by: 'rpm', range: [0, 100], pitch: [-3, 3], volume: [0.2, 1] }],
    on: [onEvent('engine', { when: 'while' })],
  }),
);

/** A clip that tells which take it is by its pitch. */
function clip(prompt: string, seed: number): Float32Array {
  const pitch = 200 + 40 * seed + [...prompt].reduce((sum, c) => sum + c.charCodeAt(0), 0);
  return sine(pitch, 0.12, 0.2);
}

/** What happens is written down, not drawn: event i is always the same. */
function eventAt(i: number, foley: Foley, emit: Emit, engines: Lasting[]): void {
  const point = { x: (i % 7) - 3, y: 0, z: -1 - (i % 3) };
  if (i % 10 === 3) engines.push(foley.begin('engine', { rpm: i % 100 }, point));
  else if (i % 10 === 6) engines.at(-1)?.change({ rpm: (3 * i) % 100 });
  else if (i % 10 === 9) engines.shift()?.end();
  else if (i % 10 === 5) foley.trigger('ring', { loud: true });
  else emit(collision({ a: thing(`crate ${i}`, MATERIALS[i % 4]), impulse: 1 + (i % 9), point }));
}

type Foley = Awaited<ReturnType<typeof createFoleyWith>>;
type Emit = ReturnType<typeof createWebAudioAdapter>['emit'];

/** @param made milliseconds that the runtime takes for a take, by turns */
async function play(sessionSeed: number, made = [0]) {
  const context = offlineContext(SECONDS + 0.5);
  const adapter = createWebAudioAdapter({ context });
  let asked = 0;
  const runtime = createFakeRuntime({
    pcm: ({ prompt, seed = 0 }) => clip(prompt, seed),
    gate: () => {
      asked += 1;
      return new Promise((resolve) => setTimeout(resolve, made[asked % made.length]));
    },
  });
  const options = { model: '/m/', runtime, sounds: MAP, sessionSeed, prefetch: false };
  const foley = await createFoleyWith(adapter, options);
  const all = [...MATERIALS.map((material) => `hit of ${material}`), 'bell', 'engine'];
  await foley.prefetch(
    all.flatMap((prompt) =>
      [0, 1, 2, 3].map((seed) => ({ prompt, seed, duration: 1, loop: prompt === 'engine' })),
    ),
  );
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const engines: Lasting[] = [];
  const steps = Array.from({ length: EVENTS }, (_, i) => {
    const step = async () => {
      eventAt(i, foley as Foley, adapter.emit, engines);
      await Promise.resolve(); // the next burst
    };
    return [((i + 0.5) * SECONDS) / EVENTS, step] as const;
  });
  const { left, right } = await renderWith(context, Object.fromEntries(steps));
  await foley.dispose();
  const log = events.map(({ kind, sound, event, prompt, seed, rung, source, reason, point }) => {
    return { kind, sound, event, prompt, seed, rung, source, reason, point };
  });
  return { left, right, log };
}

test('twice the same is the same to the sample; another seed is another', async () => {
  const [one, same, other] = [await play(11), await play(11), await play(12)];
  const kinds = new Map(one.log.map(({ sound, rung }) => [`${sound} ${rung}`, true]));
  expect([...kinds.keys()].sort()).toEqual(['bell exact', 'engine exact', 'hit exact']);
  expect(one.log.length).toBeGreaterThanOrEqual(160);
  expect(rms(one.left)).toBeGreaterThan(0.01);
  expect(same.log).toEqual(one.log);
  expect(same.left).toEqual(one.left);
  expect(same.right).toEqual(one.right);
  expect(other.log).not.toEqual(one.log);
  expect(other.left).not.toEqual(one.left);
});

test('however fast the takes were made, and in whichever order', async () => {
  const [one, same] = [await play(11, [0, 9, 2]), await play(11, [7, 0, 1, 4])];
  expect(same.log).toEqual(one.log);
  expect(same.left).toEqual(one.left);
});
