/** Sound maps and servers for tests. */
import type { SoundMapError } from '../../../plugin/sound-map.ts';

/** A server that has one file. */
export function fakeFetch(text: string, init: ResponseInit = {}): typeof fetch {
  return () => Promise.resolve(new Response(text, init));
}

/** @returns each problem's line; fails where there is none, or another error. */
export async function problemsOf(load: () => Promise<unknown>): Promise<string[]> {
  const error = await load().then(
    () => new Error('no problem was found'),
    (thrown: unknown) => thrown as Error,
  );
  if (error.name !== 'SoundMapError') throw error;
  return (error as SoundMapError).problems.map(({ message }) => message);
}

/** A map that has something of everything. */
export const GOOD = `version: 1
defaults:
  volume: 0.9
  slots: { surface: [wood, gravel] }
  jitter: { pitch: 1 }
sounds:
  step:
    prompt: "{weight} footstep of {a.name|somebody} on {surface}"
    slots:
      weight: { from: intensity, values: [soft, medium, hard], default: soft }
    takes: { lock: 3, ban: [1, 2] }
    voices: { max: 3, steal: quietest, fade: 0.1 }
    attenuation: { model: linear, refDistance: 2, maxDistance: 20, rolloff: 1, cone: { inner: 60, outer: 90 } }
    caption: footsteps
    fallback: thud
    bus: steps
    on:
      - { animationEvent: "step*", a: hero }
      - { collision: true, a: { tag: [foot, paw], data: { wet: true } }, b: [floor, stair*] }
  thud: { prompt: a thud, voices: 2, cooldown: 0, on: { action: pick } }
  rain: { prompt: rain, ambience: { crossfade: 0.2 }, attenuation: none, on: { particles: emits, name: rain } }
  machine:
    prompt: a machine runs
    loop: true
    virtual: false
    control: [{ by: speed, range: [0, 5], pitch: [-12, 7], volume: [0, 1] }]
    on: [{ event: machine }, { contact: roll, when: lasts }, { trigger: inside, b: hall }, { node: present, a: mill }]
  door: { prompt: a door, on: [{ animationGroup: open*, at: [0.25, 0.75] }, { animationGroup: close, when: ends }, { collide: true }] }
buses:
  steps: 0.5
  weather: { volume: 0.8, parent: steps, duck: { under: effects, to: 0.4, attack: 0.05, release: 0.5 } }
  effects: {}
zones:
  hall: { node: { name: hall }, sounds: [step, thud], reverb: { seconds: 1.2, damping: 0.3, level: 0.5 } }
  yard: { reverb: 2 }
space: { occlusion: true, reverb: true, doppler: 0.5 }
`;
