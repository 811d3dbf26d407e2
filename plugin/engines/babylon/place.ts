/** A place of a Babylon scene that sounds: our voices into AudioV2's sound source, which has the panner and the bus. */
import type { AbstractSoundSource } from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateSoundSourceAsync } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Logger } from '../../../runtime/client.ts';
import type { Seconds } from '../../../runtime/contract.ts';
import {
  type Attenuation,
  distanceGain,
  type EmitterHandle,
  type EmitterParams,
  withDefaults,
} from '../../adapter.ts';

/** Moves shorter than this, in metres, are not written. */
const MIN_MOVE = 1e-3;

export interface Place extends EmitterHandle {
  /** Follows its node, if it is heard. */
  follow(): void;
}

export function createPlace(
  { name, node, attenuation, onNodeGone }: EmitterParams<Node>,
  engine: AudioEngineV2,
  context: BaseAudioContext,
  onDispose: () => void,
): Place {
  const input = context.createGain();
  const at = node === null ? Vector3.Zero() : positionOf(node).clone();
  let source: AbstractSoundSource | null = null;
  let audible = false;
  let disposed = false;
  let thereAt: Seconds = 0; // when the panner's ramp ends; a new source ramps too
  const ready = createSource(name, input, attenuation, at, engine).then((made) => {
    if (disposed) made.dispose();
    else source = made;
    thereAt = engine.currentTime + engine.parameterRampDuration;
  });
  ready.catch(() => {}); // told to whoever awaits it
  const nodeObserver = node?.onDisposeObservable.add(() => onNodeGone?.()) ?? null;

  function moveTo(to: Vector3): void {
    if (source === null || Vector3.Distance(to, at) < MIN_MOVE) return;
    at.copyFrom(to);
    source.spatial.position = at;
    thereAt = engine.currentTime + engine.parameterRampDuration;
  }

  return {
    input,
    ready,
    place(point) {
      if (point !== undefined) moveTo(new Vector3(point.x, point.y, point.z));
      else if (node !== null) moveTo(positionOf(node));
      return Math.max(0, thereAt - engine.currentTime);
    },
    setAudible(value) {
      audible = value;
    },
    follow() {
      if (audible && node !== null) moveTo(positionOf(node));
    },
    distanceGain: () => distanceGain(attenuation, Vector3.Distance(at, engine.listener.position)),
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
  name: string,
  input: AudioNode,
  attenuation: Attenuation,
  at: Vector3,
  engine: AudioEngineV2,
): Promise<AbstractSoundSource> {
  const { model, refDistance, maxDistance, rolloff, panningModel } = withDefaults(attenuation);
  const source = await CreateSoundSourceAsync(
    name,
    input,
    {
      spatialEnabled: true,
      spatialAutoUpdate: false,
      spatialDistanceModel: model,
      spatialMinDistance: refDistance,
      spatialMaxDistance: maxDistance,
      spatialRolloffFactor: rolloff,
      spatialPanningModel: panningModel,
      spatialPosition: at,
    },
    engine,
  );
  // The options reach the panner, but the property the Inspector shows would still say 'linear'.
  const { spatial } = source;
  spatial.distanceModel = model;
  spatial.maxDistance = maxDistance;
  return source;
}

/** In the world, now: without computing, a matrix is as old as the last rendered image. */
export function positionOf(node: Node): Vector3 {
  node.computeWorldMatrix(true);
  return node.getWorldMatrix().getTranslation();
}

export function warnAboutHrtf(scene: Scene, attenuation: Attenuation, logger: Logger): void {
  if (attenuation.panningModel !== 'HRTF' || scene.useRightHandedSystem) return;
  logger.warn(
    'babylon: HRTF in a left-handed scene swaps front and back. Set scene.useRightHandedSystem or use equalpower.',
  );
}
