/** A director with a runtime that is played, and what it starts, streams, reports and warns of. */
import { vi } from 'vitest';
import {
  type CollisionRule,
  createDirector,
  type DirectorReport,
} from '../../../plugin/director.ts';
import type { OutletRequest } from '../../../plugin/emitter/outlet.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import type { SoundMaker } from '../../../plugin/takes/sound-maker.ts';
import { createTakeLibrary, type Playable } from '../../../plugin/takes.ts';
import { refusedVoice } from '../../../plugin/voices/voice.ts';
import type { StreamVoice } from '../../../plugin/voices.ts';
import type { RuntimeClient } from '../../../runtime/client.ts';
import type { SoundPart } from '../../../runtime/contract.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

export const never = new AbortController().signal;
const PROMPT = '{intensity} impact of {a.material} on {b.material}';

/** @param packs in front of the runtime, if any */
export function setUp(
  options?: Parameters<typeof createFakeRuntime>[0],
  sessionSeed = 0,
  packs?: (runtime: RuntimeClient) => SoundMaker,
) {
  let time = 0;
  const runtime = createFakeRuntime(options);
  const maker = packs?.(runtime) ?? runtime;
  const takes = createTakeLibrary({ maker, context: null, onTake: () => {} });
  const starts: { seed: number; request: OutletRequest }[] = [];
  const streams: { parts: SoundPart[]; request: OutletRequest; voice: StreamVoice }[] = [];
  const reports: DirectorReport[] = [];
  const warnings: string[] = [];
  const sounding = { ...refusedVoice('crowded'), refusal: null, playing: true };
  const stage = {
    start(_sound: SoundDefinition, { take }: Playable, request: OutletRequest) {
      starts.push({ seed: take.seed, request });
      return sounding;
    },
    stream(_sound: SoundDefinition, made: SoundPart[], _wait: number, request: OutletRequest) {
      const heard = [...made];
      const ways = { push: (part: SoundPart) => heard.push(part), close: vi.fn(), stop: vi.fn() };
      const voice = { ...sounding, ...ways };
      streams.push({ parts: heard, request, voice });
      return voice;
    },
    open: () => {
      throw new Error('director-set-up: nothing lasts here. Use loops-set-up.ts.');
    },
    use: () => {},
    define: () => {},
    ready: Promise.resolve(),
    readyFor: async () => {},
    dispose: () => {},
  };
  const director = createDirector({
    takes,
    stage,
    context: null,
    now: () => time,
    isRunning: () => true,
    onBindings: () => {},
    onHeard: () => {},
    sessionSeed,
    stream: true,
    signal: never,
    report: (report) => void reports.push(report),
    warn: (message) => void warnings.push(message),
  });
  const add = (rule: Partial<CollisionRule> = {}) =>
    director.addRule({ prompt: PROMPT, lateness: 0, ...rule });
  const wait = (seconds: number) => {
    time += seconds;
  };
  /** Until everything asked for in the background has come. */
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  const fill = async (prompt: string, seeds: number[]) => {
    for (const seed of seeds) await takes.get({ prompt, seed }, never);
  };
  return { director, runtime, takes, starts, streams, reports, warnings, add, wait, settle, fill };
}

export const HARD_WOOD_ON_STONE = 'hard impact of wood on stone';
