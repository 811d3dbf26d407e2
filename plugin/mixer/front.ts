/**
 * What is in front of an engine's emitter, each part only where it is asked for:
 *
 *   voices ──▶ GainNode ──▶ BiquadFilter ──▶ EmitterHandle.input ──▶ panner ──▶ bus
 *              level by     low-pass,   └──▶ GainNode ──▶ reverb of the bus
 *              range, wall  walls            send
 *
 * Nothing is written that has not changed.
 */
import type { Seconds } from '../../runtime/contract.ts';
import { schedule, steady, turn } from '../voices/ramp.ts';

export interface Front {
  readonly input: AudioNode | null;
  /** Linear gain of all that goes through. */
  setLevel(level: number, seconds: Seconds): void;
  /** @param amount 0: as it is, to 1: behind a wall */
  setMuffle(amount: number, seconds: Seconds): void;
  /** Linear gain into the reverb. */
  setSend(level: number, seconds: Seconds): void;
  dispose(): void;
}

export interface FrontParts {
  context: BaseAudioContext | null;
  /** The engine's emitter. */
  output: AudioNode | null;
  /** Whether its level ever changes. */
  level: boolean;
  muffle: boolean;
  /** Where its reverb goes; null: dry. */
  send: AudioNode | null;
}

/** Of the low-pass: out of the way, and behind a wall. */
const OPEN_HZ = 20_000;
const WALL_HZ = 800;
/** Changes smaller than this are not heard. */
const LEAST_CHANGE = 1e-4;

export function createFront(parts: FrontParts): Front {
  const { context, output, send } = parts;
  if (context === null || output === null || !(parts.level || parts.muffle || send !== null)) {
    const nothing = () => {};
    const set = { setLevel: nothing, setMuffle: nothing, setSend: nothing };
    return { input: output, ...set, dispose: nothing };
  }
  const level = context.createGain();
  const filter = parts.muffle ? createLowPass(context) : null;
  const sent = send === null ? null : context.createGain();
  const last = filter ?? level;
  if (filter !== null) level.connect(filter);
  last.connect(output);
  if (sent !== null && send !== null) last.connect(sent).connect(send);

  return {
    input: level,
    setLevel: createDial(level.gain, 1, context),
    setMuffle: muffleOf(filter, context),
    setSend: sent === null ? () => {} : createDial(sent.gain, 0, context),
    dispose() {
      for (const node of [level, filter, sent]) node?.disconnect();
    },
  };
}

function createLowPass(context: BaseAudioContext): BiquadFilterNode {
  const filter = context.createBiquadFilter();
  filter.type = 'lowpass';
  filter.frequency.value = Math.min(OPEN_HZ, 0.45 * context.sampleRate);
  return filter;
}

/** Evenly in cents, as pitch is heard. */
function muffleOf(filter: BiquadFilterNode | null, context: BaseAudioContext): Front['setMuffle'] {
  if (filter === null) return () => {};
  const cents = 1200 * Math.log2(WALL_HZ / filter.frequency.value);
  const set = createDial(filter.detune, 0, context);
  return (amount, seconds) => set(amount * cents, seconds);
}

function createDial(param: AudioParam, value: number, context: BaseAudioContext) {
  let ramp = steady(value);
  param.value = value;
  return (to: number, seconds: Seconds) => {
    if (Math.abs(to - ramp.to) < LEAST_CHANGE) return;
    ramp = turn(ramp, to, context.currentTime, seconds);
    schedule(param, ramp);
  };
}
