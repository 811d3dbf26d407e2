/**
 * Voices: how many clips play at once, and which gives way to which.
 *
 *   start    a clip that is there          tones.ts         ──▶ emitter input
 *            a loop that may be virtual    virtual-loop.ts
 *   stream   one that is still being made  stream-tone.ts
 *
 * Main thread. At most maxVoices play, of one group at most its limit, and with those that fade out twice as many. When all are
 * taken one gives way, see voice-order.ts, or the newcomer does not start. Nothing starts while the context is suspended, so
 * nothing is let loose by a late unlock; but a virtual loop, which is a state of the scene, is heard from then on.
 */
import type { Seconds } from '../runtime/contract.ts';
import { leadOf, type StreamTone, silentStream, soundingStream } from './voices/stream-tone.ts';
import { silentTone, soundingTone, type Tone } from './voices/tones.ts';
import { createVirtualLoop, type LoopRequest, type VirtualLoop } from './voices/virtual-loop.ts';
import {
  claimOf,
  createVoice,
  type LiveVoice,
  refusedVoice,
  STOP_FADE,
  type Voice,
  type VoiceMaking,
  type VoiceRefusal,
} from './voices/voice.ts';
import {
  byStrength,
  type Claim,
  COME_BACK_MARGIN,
  victimFor,
  weakestFor,
} from './voices/voice-order.ts';
import type { StreamRequest, VoicePlace, VoiceRequest } from './voices/voice-request.ts';

export { STOP_FADE, type Voice, type VoiceRefusal } from './voices/voice.ts';

/** The voice of a clip that is still being made: it begins with the parts there are. */
export interface StreamVoice extends Voice, Pick<StreamTone, 'push' | 'close'> {}

/** Where and how a voice sounds. */
export interface Voices {
  /** Never throws for a full house or a suspended context: look at `refusal`. */
  start(request: VoiceRequest): Voice;
  /** Likewise. Push what follows, then close it, or stop it: until then it waits for its next part. */
  stream(request: StreamRequest): StreamVoice;
  /** Loops go out of range and come back; call it once per rendered image, it looks every tenth of a second. */
  update(): void;
  /** Voices stopped to make room, so far. */
  readonly stolen: number;
  /** Times that a voice had to wait for its next part, so far. */
  readonly starved: number;
  /** Playing or fading. */
  readonly sounding: number;
  /** Loops that go on without being heard, now. */
  readonly virtual: number;
  /** Fades all out; resolves when they are silent, never while the audio stands still. */
  stopAll(): Promise<void>;
  /** All end at once, and their nodes go. */
  dispose(): void;
}

export interface VoicesOptions {
  context: BaseAudioContext | null;
  /** Whole number ≥ 1. */
  maxVoices: number;
  isRunning: () => boolean;
  /** The clock where there is no context. */
  now: () => Seconds;
}

/** Between two looks at the loops. */
const LOOK_EVERY: Seconds = 0.1;
/** Loops that may be virtual; what comes on top is started or refused like any voice. */
const MAX_LOOPS = 256;

type Added<T extends Tone> = Omit<VoiceMaking<T>, 'clock' | 'onEnd' | 'onStolen'> &
  Partial<Pick<VoiceMaking<T>, 'onStolen'>>;

/** @throws RangeError when maxVoices is no whole number ≥ 1. */
export function createVoices(options: VoicesOptions): Voices {
  const { context, maxVoices, isRunning } = options;
  if (!Number.isInteger(maxVoices) || maxVoices < 1) {
    throw new RangeError(
      `voices: maxVoices must be a whole number from 1, got ${maxVoices}. 32 suits most games.`,
    );
  }
  const clock = () => (context === null ? options.now() : context.currentTime);
  const live = new Set<LiveVoice>();
  const loops = new Set<VirtualLoop>();
  let stolen = 0;
  let starved = 0;
  let lookAgainAt = -Infinity;

  /** @returns why there is no room; else null, having made it if need be. */
  function refusalOf(place: VoicePlace, newcomer: Claim, margin = 0): VoiceRefusal | null {
    if (!isRunning()) return 'suspended';
    const now = clock();
    for (const voice of live) if (voice.endsAt <= now) voice.finish();
    if (live.size >= 2 * maxVoices) return 'crowded';
    const playing = [...live].filter((voice) => voice.playing);
    const rivals = rivalsOf(place, playing);
    if (rivals === null) return null;
    const rule = rivals === playing ? 'all' : (place.group?.limit.steal ?? 'all');
    const victim =
      rule === 'all' || (margin > 0 && rule !== 'none')
        ? weakestFor(newcomer, rivals, margin)
        : victimFor(rule, newcomer, rivals);
    if (victim === null) return 'crowded';
    victim.giveWay();
    return null;
  }

  /** Of whom one has to go; null: there is room. */
  function rivalsOf({ group }: VoicePlace, playing: LiveVoice[]): LiveVoice[] | null {
    if (group !== undefined) {
      const fading = [...live].filter((voice) => voice.group === group.name);
      const own = fading.filter((voice) => voice.playing);
      if (fading.length >= 2 * group.limit.max) return [];
      if (own.length >= group.limit.max) return own;
    }
    return playing.length >= maxVoices ? playing : null;
  }

  function steal(voice: LiveVoice, { group }: VoicePlace): void {
    stolen += 1;
    voice.stop(group?.limit.fade ?? STOP_FADE);
  }

  function add<T extends Tone>(making: Added<T>): { voice: LiveVoice; tone: T } {
    const { onStolen = (voice) => steal(voice, making.place) } = making;
    const onEnd = (voice: LiveVoice) => void live.delete(voice);
    const made = createVoice({ ...making, clock, onEnd, onStolen });
    live.add(made.voice);
    return made;
  }

  function begin(request: VoiceRequest, onStolen?: () => void): LiveVoice {
    const delay = request.prepare();
    const duration = request.loop === null ? request.duration - (request.offset ?? 0) : Infinity;
    const createTone = (voice: LiveVoice) =>
      context === null
        ? silentTone(voice, request, voice.endsAt - clock())
        : soundingTone(voice, request, context);
    const making = { place: request, delay, duration, createTone };
    return add(onStolen === undefined ? making : { ...making, onStolen }).voice;
  }

  function startLoop(request: LoopRequest): Voice {
    const fade = request.group?.limit.fade ?? STOP_FADE;
    const loop: VirtualLoop = createVirtualLoop({
      request,
      clock,
      begin: (now) => begin(now, () => loop.sleep(fade)),
      onEnd: () => loops.delete(loop),
    });
    loops.add(loop);
    if (loop.inRange() && refusalOf(request, loop) === null) loop.wake();
    return loop;
  }

  function wakeLoops(): void {
    if (!isRunning()) return;
    const asleep = [...loops].filter((loop) => loop.virtual && loop.inRange()).sort(byStrength);
    for (const loop of asleep) {
      if (refusalOf(loop.place, loop, COME_BACK_MARGIN) === null) loop.wake();
    }
  }

  return {
    get stolen() {
      return stolen;
    },
    get starved() {
      return starved;
    },
    get sounding() {
      return live.size;
    },
    get virtual() {
      return [...loops].filter((loop) => loop.virtual).length;
    },
    start(request) {
      checkPlace(request);
      if (mayBeVirtual(request) && loops.size < MAX_LOOPS) return startLoop(request);
      const refusal = refusalOf(request, claimOf(request));
      return refusal === null ? begin(request) : refusedVoice(refusal);
    },
    stream(request) {
      checkPlace(request);
      const refusal = refusalOf(request, claimOf(request));
      if (refusal !== null) return { ...refusedVoice(refusal), push() {}, close() {} };
      const delay = Math.max(request.prepare(), request.wait, leadOf(context));
      const onStarved = () => {
        starved += 1;
      };
      const createTone = (voice: LiveVoice) => {
        const parts = { voice, request, onStarved };
        return context === null ? silentStream(parts, clock) : soundingStream(parts, context);
      };
      const { voice, tone } = add({ place: request, delay, duration: Infinity, createTone });
      return Object.assign(voice, { push: tone.push, close: tone.close });
    },
    update() {
      const now = clock();
      if (loops.size === 0 || now < lookAgainAt) return;
      lookAgainAt = now + LOOK_EVERY;
      for (const loop of loops) if (!loop.virtual && loop.outOfRange()) loop.sleep();
      wakeLoops();
    },
    async stopAll() {
      for (const loop of loops) loop.stop();
      for (const voice of live) voice.stop();
      await Promise.all([...live].map((voice) => voice.ended));
    },
    dispose() {
      for (const loop of loops) loop.stop();
      for (const voice of live) voice.finish();
    },
  };
}

function mayBeVirtual(request: VoiceRequest): request is LoopRequest {
  return request.loop !== null && request.virtual !== undefined;
}

function checkPlace({ volume, pitch, priority, group }: VoicePlace): void {
  if (!(volume >= 0 && volume < Infinity)) throw refusal('volume', 'at least 0', volume);
  if (!(Math.abs(pitch) <= 48)) throw refusal('pitch', 'from -48 to 48 semitones', pitch);
  if (!Number.isFinite(priority)) throw refusal('priority', 'finite', priority);
  const max = group?.limit.max ?? 1;
  if (!(max >= 1)) throw refusal('voices.max', 'at least 1', max);
}

function refusal(field: string, limit: string, value: number): RangeError {
  return new RangeError(`voices: ${field} must be ${limit}, got ${value}. Correct the options.`);
}
