/** A place of a Babylon scene that sounds: our voices into AudioV2's sound source, which has the panner and the bus. */
import type {
  AbstractSoundSource,
  ISoundSourceOptions,
} from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Logger } from '../../../runtime/client.ts';
import type { Seconds } from '../../../runtime/contract.ts';
import {
  type Attenuation,
  distanceBetween,
  type EmitterHandle,
  type EmitterParams,
  isPlace,
  withDefaults,
} from '../../adapter.ts';
import type { Point } from '../../scene-event.ts';
import type { BabylonBus } from './buses.ts';

/** Moves shorter than this, in metres, are not written; turns likewise, on the unit sphere. */
const MIN_MOVE = 1e-3;

export interface Place extends EmitterHandle {
  /** Follows its node, if it is heard. */
  follow(): void;
}

export function createPlace(
  params: EmitterParams<Node>,
  engine: AudioEngineV2,
  context: BaseAudioContext,
  onDispose: () => void,
): Place {
  const { node, attenuation, onNodeGone } = params;
  const input = context.createGain();
  const at = Vector3.Zero();
  if (node !== null && isPlace(positionOf(node))) at.copyFrom(positionOf(node));
  const forward = node === null ? Vector3.Forward() : forwardOf(node);
  const looks = node !== null && attenuation?.cone != null;
  let source: AbstractSoundSource | null = null;
  let audible = false;
  let disposed = false;
  let thereAt: Seconds = 0; // when the panner's ramp ends; a new source ramps too
  const ready = createSource(params, input, { at, forward }, engine).then((made) => {
    if (disposed) made.dispose();
    else source = made;
    if (attenuation !== null) thereAt = engine.currentTime + engine.parameterRampDuration;
  });
  ready.catch(() => {}); // told to whoever awaits it
  const nodeObserver = node?.onDisposeObservable.add(() => onNodeGone?.()) ?? null;
  if (node?.isDisposed()) queueMicrotask(() => onNodeGone?.()); // nobody tells of it any more

  function moveTo(to: Point): void {
    if (source === null || !isPlace(to) || distanceBetween(to, at) < MIN_MOVE) return;
    at.set(to.x, to.y, to.z);
    if (attenuation === null) return;
    source.spatial.position = at;
    thereAt = engine.currentTime + engine.parameterRampDuration;
  }

  function follow(): void {
    if (node === null) return;
    moveTo(positionOf(node));
    if (looks) turnTo(forwardOf(node));
  }

  function turnTo(to: Vector3): void {
    if (source === null || !isPlace(to) || distanceBetween(to, forward) < MIN_MOVE) return;
    source.spatial.orientation = forward.copyFrom(to);
    thereAt = engine.currentTime + engine.parameterRampDuration;
  }

  return {
    input,
    ready,
    position: at,
    place(point) {
      if (point === undefined) follow();
      else moveTo(point);
      return Math.max(0, thereAt - engine.currentTime);
    },
    setAudible(value) {
      audible = value;
    },
    follow() {
      if (audible) follow();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      node?.onDisposeObservable.remove(nodeObserver);
      if (source === null) input.disconnect();
      else source.dispose();
      onDispose();
    },
  };
}

async function createSource(
  { name, attenuation, bus }: EmitterParams<Node>,
  input: AudioNode,
  pose: { at: Vector3; forward: Vector3 },
  engine: AudioEngineV2,
): Promise<AbstractSoundSource> {
  const outBus = await (bus as BabylonBus | undefined)?.made;
  const options = attenuation === null ? {} : spatialOptions(attenuation, pose);
  const source = await engine.createSoundSourceAsync(name, input, {
    ...options,
    ...(outBus && { outBus }),
  });
  if (attenuation === null) return source;
  // The options reach the panner, but the property the Inspector shows would still say 'linear'.
  const { model, maxDistance } = withDefaults(attenuation);
  source.spatial.distanceModel = model;
  source.spatial.maxDistance = maxDistance;
  return source;
}

function spatialOptions(
  attenuation: Attenuation,
  { at, forward }: { at: Vector3; forward: Vector3 },
): Partial<ISoundSourceOptions> {
  const complete = withDefaults(attenuation);
  const { model, refDistance, maxDistance, rolloff, panningModel, cone } = complete;
  return {
    spatialEnabled: true,
    spatialAutoUpdate: false,
    spatialDistanceModel: model,
    spatialMinDistance: refDistance,
    spatialMaxDistance: maxDistance,
    spatialRolloffFactor: rolloff,
    spatialPanningModel: panningModel,
    spatialPosition: at,
    ...(cone !== null && {
      spatialConeInnerAngle: radians(cone.inner),
      spatialConeOuterAngle: radians(cone.outer),
      spatialConeOuterVolume: cone.outerGain,
      spatialOrientation: forward.clone(), // AudioV2 keeps this very vector and compares with it
    }),
  };
}

/** In the world, now: without computing, a matrix is as old as the last rendered image. */
export function positionOf(node: Node): Vector3 {
  node.computeWorldMatrix(true);
  return node.getWorldMatrix().getTranslation();
}

/** Where its front looks, as of the last `positionOf`. */
function forwardOf(node: Node): Vector3 {
  const front = Vector3.Forward(node.getScene().useRightHandedSystem);
  return Vector3.TransformNormal(front, node.getWorldMatrix()).normalize();
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

export function warnAboutHrtf(scene: Scene, attenuation: Attenuation | null, logger: Logger): void {
  if (attenuation?.panningModel !== 'HRTF' || scene.useRightHandedSystem) return;
  logger.warn(
    'babylon: HRTF in a left-handed scene swaps front and back. Set scene.useRightHandedSystem or use equalpower.',
  );
}
