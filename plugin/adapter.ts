/**
 * The only door to an engine: what it must provide so that events become sounds at places.
 *
 *   engine ── SceneEvent ──▶ director        voices ──▶ mixer ──▶ EmitterHandle.input ──▶ engine's panner, BusHandle, ear
 *
 * Implementations: engines/babylon.ts, engines/webaudio.ts, engines/three.ts, engines/null.ts; how to write one: docs/adapter.md.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { Point, SceneEvent, SceneObject } from './scene-event.ts';
import type { EventBinding, SoundAttenuation } from './sound-definition.ts';

/** Takes a subscription back; calling it twice is fine. */
export type Unsubscribe = () => void;

/** How loudness falls with distance and direction, and how left and right are made. `undefined` means default. */
export interface Attenuation {
  /** Default 'inverse': refDistance / (refDistance + rolloff · (distance − refDistance)). */
  model?: DistanceModelType | undefined;
  /** Metres up to which a sound has its full loudness; > 0, default 1. */
  refDistance?: number | undefined;
  /**
   * Metres from which on it is silent, whatever the model: an inverse model alone would be heard to the end of the world. The last
   * tenth of the way is a fade of ours, evenly down to nothing. > refDistance, default 30.
   */
  maxDistance?: number | undefined;
  /** ≥ 0, default 1. */
  rolloff?: number | undefined;
  /**
   * Default 'equalpower'. 'HRTF' tells front from back, but Babylon 9 turns the listener round in left-handed scenes
   * (its default), so there front and back are swapped: set `scene.useRightHandedSystem` before you choose it.
   */
  panningModel?: PanningModelType | undefined;
  /**
   * Loud in the direction its node looks: full within `inner`, times `outerGain` outside `outer`, evenly between. Angles in degrees
   * of the whole cone, 0 to 360. Default null: all round.
   */
  cone?: SoundAttenuation['cone'] | undefined;
}

export const ATTENUATION_DEFAULTS = {
  model: 'inverse',
  refDistance: 1,
  maxDistance: 30,
  rolloff: 1,
  panningModel: 'equalpower',
  cone: null,
} as const satisfies SoundAttenuation;

/** One place that sounds: feed `input`, the engine does the rest. */
export interface EmitterHandle {
  /** Where voices connect; null in an adapter without sound. Connected through once `ready` resolves. */
  readonly input: AudioNode | null;
  /** Rejects when the engine cannot make the emitter. */
  readonly ready: Promise<void>;
  /** Where the engine has it now. */
  readonly position: Point;
  /**
   * Brings the emitter to its node, or to a point, before a voice starts.
   * @returns seconds until it is there: moves are ramps, so that what still sounds does not click.
   */
  place(point?: Point): Seconds;
  /** Only audible emitters follow their node from one rendered image to the next. */
  setAudible(audible: boolean): void;
  /** Idempotent; cuts what still sounds. */
  dispose(): void;
}

export interface EmitterParams<N> {
  name: string;
  /** Followed while audible; null stays where `place(point)` puts it. */
  node: N | null;
  /** null: not in space, the same in both ears. */
  attenuation: Attenuation | null;
  /** Where it leads, made by the same adapter; absent: to the engine's own output. */
  bus?: BusHandle | undefined;
  /** The node was disposed: the emitter has to go. At most once, never from inside `createEmitter`. */
  onNodeGone?: () => void;
}

/** Emitters and other buses lead into it; one volume for all of them. */
export interface BusHandle {
  /** Rejects when the engine cannot make it. */
  readonly ready: Promise<void>;
  /** @param volume linear, ≥ 0. @param seconds of the ramp, ≥ 0.01 */
  setVolume(volume: number, seconds: Seconds): void;
  /** Leads to another bus from now on; null: to the engine's own output. */
  route(parent: BusHandle | null): void;
  /** Idempotent. What still leads into it is cut. */
  dispose(): void;
}

/** Box along the axes of the world. */
export interface Bounds {
  readonly min: Point;
  readonly max: Point;
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
  /** @param parent null: the engine's own output */
  createBus(name: string, parent: BusHandle | null): BusHandle;
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
  /** Whether it is a node, for engines whose nodes are points; default: what has no numbers x, y and z. */
  isNode?(at: N | Point): at is N;
  positionOf(node: N): Point;
  /** Of the node with all it holds; null: it has no size. Absent: a zone's box is the cube around its sphere. */
  boundsOf?(node: N): Bounds | null;
  /** Whether something solid is between the ear and a place; `node` and what it holds are not in its own way. Absent: nothing is. */
  isBlocked?(ear: Point, place: Point, node: N | null): boolean;
  ear(): Ear;
  /** Called once per rendered image, when emitters are where their nodes are; never, where nothing is rendered. */
  onRenderFrame(listener: () => void): Unsubscribe;
  /** Aborted when the scene is disposed: its sounds are then. Absent: the game disposes them. */
  readonly left?: AbortSignal;
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

/** Gain of our own that makes `maxDistance` mean silence. */
export function rangeGain(maxDistance: number, distance: number): number {
  return Math.min(1, Math.max(0, (1 - distance / maxDistance) / RANGE_FADE));
}

/** Of maxDistance. */
const RANGE_FADE = 0.1;

/** What is at no place (NaN, as physics that explodes leaves it) is endlessly far. */
export function distanceBetween(a: Point, b: Point): number {
  const distance = Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
  return Number.isNaN(distance) ? Infinity : distance;
}

/** Metres; audio parameters have 32 bits, in which what is much more would be endless. */
const FARTHEST = 1e30;

/** Whether a sound can be there: its numbers are some. */
export function isPlace({ x, y, z }: Point): boolean {
  return Math.abs(x) + Math.abs(y) + Math.abs(z) < FARTHEST;
}

/**
 * @returns a new, complete and checked attenuation.
 * @throws RangeError naming the field.
 */
export function withDefaults(attenuation: Attenuation): SoundAttenuation {
  const complete = {
    model: attenuation.model ?? ATTENUATION_DEFAULTS.model,
    refDistance: attenuation.refDistance ?? ATTENUATION_DEFAULTS.refDistance,
    maxDistance: attenuation.maxDistance ?? ATTENUATION_DEFAULTS.maxDistance,
    rolloff: attenuation.rolloff ?? ATTENUATION_DEFAULTS.rolloff,
    panningModel: attenuation.panningModel ?? ATTENUATION_DEFAULTS.panningModel,
    cone: attenuation.cone ?? ATTENUATION_DEFAULTS.cone,
  };
  const { refDistance, maxDistance, rolloff, cone } = complete;
  if (!(refDistance > 0)) throw refusal('refDistance', 'above 0', refDistance);
  if (!(maxDistance > refDistance)) throw refusal('maxDistance', 'above refDistance', maxDistance);
  if (!(rolloff >= 0)) throw refusal('rolloff', 'at least 0', rolloff);
  if (cone !== null) checkCone(cone);
  return complete;
}

function checkCone({ inner, outer, outerGain }: NonNullable<SoundAttenuation['cone']>): void {
  if (!(inner >= 0 && inner <= 360)) throw refusal('cone.inner', 'from 0 to 360', inner);
  if (!(outer >= inner && outer <= 360)) throw refusal('cone.outer', 'from inner to 360', outer);
  if (!(outerGain >= 0 && outerGain <= 1)) throw refusal('cone.outerGain', '0 to 1', outerGain);
}

function refusal(field: string, limit: string, value: number): RangeError {
  return new RangeError(
    `adapter: ${field} must be ${limit}, got ${value}. Correct the emitter's options.`,
  );
}
