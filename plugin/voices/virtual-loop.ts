/**
 * A loop that may go on without being heard: out of range, or crowded out, it has no nodes, and comes back where it would be.
 *
 *   heard    ▁▂▃▂▁▂▃▂▁                 ▁▂▃▂▁▂▃     reach ≤ 1 and a place is free, or one that is clearly weaker
 *   virtual           ┄ ┄ ┄ ┄ ┄ ┄ ┄ ┄              reach > 1.1, or its place was needed
 *            0 1 2 3 …   playhead goes on   … 17
 */
import type { Seconds } from '../../runtime/contract.ts';
import { createPlayhead, inLoop } from './playhead.ts';
import { rateOf } from './tones.ts';
import { claimOf, LEAST_RAMP, type LiveVoice, type Voice, within } from './voice.ts';
import type { Claim } from './voice-order.ts';
import type { VirtualPlace, VoiceRequest } from './voice-request.ts';

/** Times its range, where a loop gives up its nodes, and where it takes some again: silence begins between the two. */
const LEAVES_AT = 1.1;
const COMES_BACK_AT = 1;
/** Of a loop that comes back. */
const WAKE_FADE: Seconds = 0.03;

export interface VirtualLoop extends Voice, Claim {
  readonly place: LoopRequest;
  /** It would be heard if it had nodes. */
  inRange(): boolean;
  /** It has nodes for nothing. */
  outOfRange(): boolean;
  /** Its nodes go, its time does not stand still. */
  sleep(fade?: Seconds): void;
  /** Call it when there is room. */
  wake(): void;
}

export type LoopRequest = VoiceRequest & {
  loop: { start: Seconds; end: Seconds };
  virtual: VirtualPlace;
};

export interface VirtualLoopParts {
  request: LoopRequest;
  clock: () => Seconds;
  /** Begins a voice for which there is room. */
  begin: (request: VoiceRequest) => LiveVoice;
  onEnd: (loop: VirtualLoop) => void;
}

/** Virtual until `wake`. */
export function createVirtualLoop({ request, ...parts }: VirtualLoopParts): VirtualLoop {
  const { clock } = parts;
  const { reach, onVirtual } = request.virtual;
  const playhead = createPlayhead(clock(), rateOf(request.pitch));
  let { volume, pitch } = request;
  let fadeIn = request.fadeIn ?? 0;
  let bent = 0;
  let voice: LiveVoice | null = null;
  let stopped = false;
  let resolve: (last?: Promise<void>) => void = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });

  function setRate(seconds: Seconds): void {
    playhead.setRate(rateOf(pitch + bent), clock(), Math.max(LEAST_RAMP, seconds));
  }

  const loop: VirtualLoop = {
    ...claimOf(request),
    get volume() {
      return volume;
    },
    place: request,
    refusal: null,
    ended,
    get playing() {
      return !stopped;
    },
    get virtual() {
      return voice === null && !stopped;
    },
    inRange: () => reach() <= COMES_BACK_AT,
    outOfRange: () => reach() > LEAVES_AT,
    sleep(fade) {
      if (voice === null) return;
      voice.stop(fade);
      voice = null;
      onVirtual(true);
    },
    wake() {
      if (voice !== null || stopped) return;
      const delay = request.prepare();
      const offset = inLoop(playhead.position(clock() + delay), request.loop);
      const now = { volume, pitch: pitch + bent, offset, fadeIn, prepare: () => delay };
      voice = parts.begin({ ...request, ...now });
      fadeIn = WAKE_FADE;
      onVirtual(false);
    },
    setVolume(wanted, seconds) {
      volume = within(wanted, 0, 100) ?? volume;
      voice?.setVolume(volume, seconds);
    },
    setPitch(wanted, seconds = LEAST_RAMP) {
      const next = within(wanted, -48, 48);
      if (next === null || next === pitch) return;
      pitch = next;
      setRate(seconds);
      voice?.setPitch(pitch + bent, seconds);
    },
    bend(wanted, seconds = LEAST_RAMP) {
      const next = within(wanted, -48, 48);
      if (next === null || next === bent) return;
      bent = next;
      setRate(seconds);
      voice?.setPitch(pitch + bent, seconds);
    },
    stop(fade) {
      voice?.stop(fade);
      if (stopped) return;
      stopped = true;
      parts.onEnd(loop);
      resolve(voice?.ended);
    },
  };
  return loop;
}
