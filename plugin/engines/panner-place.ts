/**
 * A place that sounds, made of the browser's own PannerNode: for engines without one of their own.
 *
 *   voices ──▶ GainNode ──▶ PannerNode ──▶ bus          in space
 *   voices ──▶ GainNode ─────────────────▶ bus          attenuation null
 *
 * Its parameters are written when it is placed, and while it is audible; what has not moved is not written again.
 */
import type { Seconds } from '../../runtime/contract.ts';
import {
  type Attenuation,
  distanceBetween,
  type EmitterHandle,
  isPlace,
  withDefaults,
} from '../adapter.ts';
import type { Point } from '../scene-event.ts';
import { type Ramp, schedule, steady, turn } from '../voices/ramp.ts';

/** Where a node is and where its front looks, now; forward is a unit vector, asked for cones alone. */
export interface Pose {
  position(): Point;
  forward(): Point;
}

export interface PannerPlace extends EmitterHandle {
  /** Follows its node, if it is heard. */
  follow(): void;
}

export interface PannerPlaceParts {
  context: BaseAudioContext;
  output: AudioNode;
  attenuation: Attenuation | null;
  /** Of its node; null stays where `place(point)` puts it. */
  pose: Pose | null;
  onDispose: () => void;
}

/** Moves shorter than this, in metres, are not written; turns likewise, on the unit sphere. */
const MIN_MOVE = 1e-3;
/** A move takes this long, so that what sounds does not click. */
const MOVE_RAMP: Seconds = 0.01;

export function createPannerPlace(parts: PannerPlaceParts): PannerPlace {
  const { context, output, attenuation, pose, onDispose } = parts;
  const looks = attenuation?.cone != null;
  const input = context.createGain();
  const panner = attenuation === null ? null : createPanner(attenuation, context);
  const position = createMover(pose?.position() ?? ORIGIN, positionParams(panner));
  const forward = createMover(
    looks ? (pose?.forward() ?? FORWARD) : FORWARD,
    orientationParams(panner),
  );
  let audible = false;
  let thereAt: Seconds = 0; // when the ramp ends
  if (panner === null) input.connect(output);
  else input.connect(panner).connect(output);

  function place(point?: Point): Seconds {
    const now = context.currentTime;
    const moved = position.move(point ?? pose?.position() ?? position.at, now);
    const turned = looks && pose !== null && forward.move(pose.forward(), now);
    if (moved || turned) thereAt = now + MOVE_RAMP;
    return panner === null ? 0 : Math.max(0, thereAt - now);
  }

  return {
    input,
    ready: Promise.resolve(),
    position: position.at,
    place,
    setAudible(value) {
      audible = value;
    },
    follow() {
      if (audible && pose !== null) place();
    },
    dispose() {
      input.disconnect();
      panner?.disconnect();
      onDispose();
    },
  };
}

const ORIGIN: Point = { x: 0, y: 0, z: 0 };
const FORWARD: Point = { x: 0, y: 0, z: 1 };

function createPanner(attenuation: Attenuation, context: BaseAudioContext): PannerNode {
  const complete = withDefaults(attenuation);
  const { model, refDistance, maxDistance, rolloff, panningModel, cone } = complete;
  const panner = context.createPanner();
  panner.panningModel = panningModel;
  panner.distanceModel = model;
  panner.refDistance = refDistance;
  panner.maxDistance = maxDistance;
  panner.rolloffFactor = rolloff;
  if (cone === null) return panner;
  panner.coneInnerAngle = cone.inner;
  panner.coneOuterAngle = cone.outer;
  panner.coneOuterGain = cone.outerGain;
  return panner;
}

type Params = readonly AudioParam[];

function positionParams(panner: PannerNode | null): Params {
  return panner === null ? [] : [panner.positionX, panner.positionY, panner.positionZ];
}

function orientationParams(panner: PannerNode | null): Params {
  return panner === null ? [] : [panner.orientationX, panner.orientationY, panner.orientationZ];
}

/** A point and the three parameters that say it. */
function createMover(from: Point, params: Params) {
  const { x, y, z } = isPlace(from) ? from : ORIGIN;
  const at = { x, y, z };
  const ramps: Ramp[] = [at.x, at.y, at.z].map(steady);
  params.forEach((param, i) => {
    param.value = ramps[i]?.to ?? 0;
  });

  return {
    at,
    /** @returns whether it had to move. */
    move(to: Point, now: Seconds): boolean {
      if (!isPlace(to) || distanceBetween(to, at) < MIN_MOVE) return false;
      Object.assign(at, { x: to.x, y: to.y, z: to.z });
      [at.x, at.y, at.z].forEach((value, i) => {
        const ramp = turn(ramps[i] ?? steady(value), value, now, MOVE_RAMP);
        ramps[i] = ramp;
        const param = params[i];
        if (param !== undefined) schedule(param, ramp);
      });
      return true;
    },
  };
}
