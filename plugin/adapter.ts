/**
 * The only door to an engine: what it must provide so that events become sounds at places.
 *
 *   engine ── SceneEvent ──▶ director        foley ── voices ──▶ EmitterHandle.input ──▶ engine's panner, bus, ear
 *
 * Implementations: engines/babylon.ts, engines/webaudio.ts, engines/null.ts.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { Point, SceneEvent, SceneObject } from './scene-event.ts';
import type { EventBinding } from './sound-definition.ts';

/** Takes a subscription back; calling it twice is fine. */
export type Unsubscribe = () => void;

/** How loudness falls with distance, and how left and right are made. `undefined` means default. */
export interface Attenuation {
  /** Default 'inverse': refDistance / (refDistance + rolloff · (distance − refDistance)). */
  model?: DistanceModelType | undefined;
  /** Metres up to which a sound has its full loudness; > 0, default 1. */
  refDistance?: number | undefined;
  /** Metres; 'linear' is silent there. > refDistance, default 30. */
  maxDistance?: number | undefined;
  /** ≥ 0, default 1. */
  rolloff?: number | undefined;
  /**
   * Default 'equalpower'. 'HRTF' tells front from back, but Babylon 9 turns the listener round in left-handed scenes
   * (its default), so there front and back are swapped: set `scene.useRightHandedSystem` before you choose it.
   */
  panningModel?: PanningModelType | undefined;
}

export const ATTENUATION_DEFAULTS = {
  model: 'inverse',
  refDistance: 1,
  maxDistance: 30,
  rolloff: 1,
  panningModel: 'equalpower',
} as const satisfies Required<Attenuation>;

/** One place that sounds: feed `input`, the engine does the rest. */
export interface EmitterHandle {
  /** Where voices connect; null in an adapter without sound. Connected through once `ready` resolves. */
  readonly input: AudioNode | null;
  /** Rejects when the engine cannot make the emitter. */
  readonly ready: Promise<void>;
  /**
   * Brings the emitter to its node, or to a point, before a voice starts.
   * @returns seconds until it is there: moves are ramps, so that what still sounds does not click.
   */
  place(point?: Point): Seconds;
  /** Only audible emitters follow their node from one rendered image to the next. */
  setAudible(audible: boolean): void;
  /** Gain by distance at the listener, 0 to 1: which voice is the quietest. */
  distanceGain(): number;
  /** Idempotent; cuts what still sounds. */
  dispose(): void;
}

export interface EmitterParams<N> {
  name: string;
  /** Followed while audible; null stays where `place(point)` puts it. */
  node: N | null;
  attenuation: Attenuation;
  /** The node was disposed: the emitter has to go. At most once, never from inside `createEmitter`. */
  onNodeGone?: () => void;
}

/** A thing of the scene and where it is. */
export interface SceneContent {
  object: SceneObject;
  point: Point;
  /** Metres. */
  radius: number;
}

/** Where the listener is and looks; unit vectors. */
export interface Ear {
  position: Point;
  forward: Point;
  up: Point;
  /** To its right hand, in the engine's own handedness. */
  right: Point;
}

/** @typeParam N what the engine calls a thing with a place. */
export interface EngineAdapter<N> {
  /** null: no sound at all; events, prompts and takes go on working. */
  readonly context: BaseAudioContext | null;
  /** False while a started voice would wait: the context is suspended, interrupted or closed. */
  readonly running: boolean;
  /** Starts the audio; call it in a user gesture. Stays pending while the browser refuses. */
  unlock(): Promise<void>;
  /** A clock that never goes back. */
  now(): Seconds;
  createEmitter(params: EmitterParams<N>): EmitterHandle;
  onSceneEvent(listener: (event: SceneEvent) => void): Unsubscribe;
  /**
   * Which events are wanted, told again whenever that changes: an engine need not watch for others. Default: collisions.
   * What lasts and is wanted still goes on and is not told again; what is wanted no more ends.
   */
  watch(bindings: readonly EventBinding[]): void;
  /** What the scene holds now and can be heard or hit: prompts are prepared from it. */
  contents(): Iterable<SceneContent>;
  /** @returns null when it is gone or was never there. */
  find(id: string): N | null;
  describe(node: N): SceneObject;
  positionOf(node: N): Point;
  ear(): Ear;
  /** Called once per rendered image; never, where nothing is rendered. */
  onRenderFrame(listener: () => void): Unsubscribe;
  /** Idempotent. Gives back what the adapter made, not what it was handed. */
  dispose(): void;
}

/**
 * Gain by distance as the Web Audio API computes it (PannerNode, "distance model").
 * @param distance metres, ≥ 0
 */
export function distanceGain(attenuation: Attenuation, distance: number): number {
  const { model, refDistance, maxDistance, rolloff } = withDefaults(attenuation);
  const beyond = Math.max(distance, refDistance) - refDistance;
  if (model === 'inverse') return refDistance / (refDistance + rolloff * beyond);
  if (model === 'exponential') return (Math.max(distance, refDistance) / refDistance) ** -rolloff;
  const span = maxDistance - refDistance;
  return 1 - Math.min(rolloff, 1) * Math.min(1, beyond / span);
}

/**
 * @returns a new, complete and checked attenuation.
 * @throws RangeError naming the field.
 */
export function withDefaults(attenuation: Attenuation): {
  [F in keyof Attenuation]-?: NonNullable<Attenuation[F]>;
} {
  const complete = {
    model: attenuation.model ?? ATTENUATION_DEFAULTS.model,
    refDistance: attenuation.refDistance ?? ATTENUATION_DEFAULTS.refDistance,
    maxDistance: attenuation.maxDistance ?? ATTENUATION_DEFAULTS.maxDistance,
    rolloff: attenuation.rolloff ?? ATTENUATION_DEFAULTS.rolloff,
    panningModel: attenuation.panningModel ?? ATTENUATION_DEFAULTS.panningModel,
  };
  const { refDistance, maxDistance, rolloff } = complete;
  if (!(refDistance > 0)) throw refusal('refDistance', 'above 0', refDistance);
  if (!(maxDistance > refDistance)) throw refusal('maxDistance', 'above refDistance', maxDistance);
  if (!(rolloff >= 0)) throw refusal('rolloff', 'at least 0', rolloff);
  return complete;
}

function refusal(field: string, limit: string, value: number): RangeError {
  return new RangeError(
    `adapter: ${field} must be ${limit}, got ${value}. Correct the emitter's options.`,
  );
}
