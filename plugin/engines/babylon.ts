/**
 * Babylon.js 9 and its AudioV2: a sound source a place, fed by our voices; Havok contacts as events.
 *
 *   voices ──▶ GainNode ──▶ CreateSoundSourceAsync (panner, bus, Inspector) ──▶ main bus ──▶ ear on the active camera
 *
 * What AudioV2 does that we keep away from (9.34):
 *  - its distance model is 'linear' to 10 km: we always say inverse, 1 m, 30 m, or what you say;
 *  - it asks for an animation callback per spatial sound: ours have none, one observer moves what is heard and has moved;
 *  - it writes parameters again that did not change: we compare first;
 *  - it keeps sounds that were started while suspended: our voices do not start then;
 *  - its gesture is 'click' alone: we unlock on pointerup and keydown;
 *  - a disposed node leaves its sound playing: ours stops and goes;
 *  - it drops a listener move that comes within the ramp of the one before: we wait for the ramp to end.
 */

import type { AbstractSoundSource } from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateSoundSourceAsync } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import type {
  IPhysicsCollisionEvent,
  IPhysicsEnginePluginV2,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine as PhysicsEngineV2 } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type Logger, silentLogger } from '../../runtime/client.ts';
import type { Seconds } from '../../runtime/contract.ts';
import {
  type Attenuation,
  distanceGain,
  type EmitterHandle,
  type EmitterParams,
  type EngineAdapter,
  withDefaults,
} from '../adapter.ts';
import { createFoleyWith, type Foley, type FoleyOptions } from '../foley.ts';
import type { SceneEvent, SceneObject } from '../scene-event.ts';
import { type Contacts, createContacts } from './contacts.ts';
import { createEventHub } from './event-hub.ts';
import { unlockOnGesture } from './gesture.ts';

export interface BabylonFoleyOptions extends FoleyOptions {
  /** Yours, not disposed with the foley; default one of our own. */
  audioEngine?: AudioEngineV2 | undefined;
}

/**
 * The sounds of a Babylon scene; disposed with it.
 * Loads no model: the first sound does, or `foley.runtime.load()`.
 * @throws RangeError for bad options; Error where there is no Web Audio.
 */
export async function createFoley(
  scene: Scene,
  options: BabylonFoleyOptions,
): Promise<Foley<Node>> {
  const adapter = await createBabylonAdapter(scene, options);
  const foley = await createFoleyWith(adapter, options).catch((error) => {
    adapter.dispose();
    throw error;
  });
  scene.onDisposeObservable.addOnce(() => void foley.dispose());
  return foley;
}

export interface BabylonAdapterOptions {
  audioEngine?: AudioEngineV2 | undefined;
  logger?: Logger | undefined;
}

/** Moves shorter than this, in metres, are not written. */
const MIN_MOVE = 1e-3;

interface Place extends EmitterHandle {
  /** Follows its node, if it is heard. */
  follow(): void;
}

export async function createBabylonAdapter(
  scene: Scene,
  options: BabylonAdapterOptions = {},
): Promise<EngineAdapter<Node>> {
  const { logger = silentLogger } = options;
  const engine = options.audioEngine ?? (await createAudioEngine());
  const context = contextOf(engine);
  const places = new Set<Place>();
  const hub = createEventHub<SceneEvent>();
  const renderFrames = createEventHub<void>();
  const isRunning = () => engine.state === 'running';
  const unlock = () => unlockEngine(engine, context);
  const stopUnlocking = unlockOnGesture(isRunning, unlock);
  const followEar = createEar(scene, engine);
  const contacts = createContacts(hub.emit);
  const physics = watchPhysics(scene, contacts);
  const observer = scene.onBeforeRenderObservable.add(() => {
    followEar();
    for (const place of places) place.follow();
    if (hub.size > 0) physics.watch();
    contacts.step();
    renderFrames.emit();
  });
  let disposed = false;
  engine.onDisposeObservable.addOnce(dispose);

  function dispose(): void {
    if (disposed) return;
    disposed = true;
    stopUnlocking();
    scene.onBeforeRenderObservable.remove(observer);
    physics.dispose();
    hub.clear();
    renderFrames.clear();
    for (const place of places) place.dispose();
    if (options.audioEngine === undefined) engine.dispose();
  }

  return {
    context,
    get running() {
      return isRunning();
    },
    unlock,
    now: () => performance.now() / 1000,
    createEmitter(params) {
      warnAboutHrtf(scene, params.attenuation, logger);
      const place: Place = createPlace(params, engine, context, () => places.delete(place));
      places.add(place);
      return place;
    },
    onSceneEvent: hub.subscribe,
    onRenderFrame: renderFrames.subscribe,
    dispose,
  };
}

async function createAudioEngine(): Promise<AudioEngineV2> {
  try {
    return await CreateAudioEngineAsync({ disableDefaultUI: true, listenerAutoUpdate: false });
  } catch (cause) {
    throw new Error(
      'babylon: no audio engine could be made, is there an AudioContext? Pass options.audioEngine, or use the null adapter.',
      { cause },
    );
  }
}

/** Babylon keeps its context to itself; sources made for another context cannot be connected. */
function contextOf(engine: AudioEngineV2): BaseAudioContext {
  const { _audioContext: context } = engine as { _audioContext?: BaseAudioContext };
  if (context !== undefined) return context;
  throw new Error(
    'babylon: the audio engine has no Web Audio context. Make it with CreateAudioEngineAsync.',
  );
}

/** Babylon hands out an old pending promise again, so a resume asked for too early would swallow the gesture's: ask the context too. */
async function unlockEngine(engine: AudioEngineV2, context: BaseAudioContext): Promise<void> {
  if (engine.state === 'running' || context.state === 'closed') return;
  if ('resume' in context) await (context as AudioContext).resume();
  await engine.unlockAsync();
}

/** @returns moves the ear to the active camera; unless you have attached the listener to something of yours. */
function createEar(scene: Scene, engine: AudioEngineV2): () => void {
  let attached: Node | null = null;
  let quietUntil: Seconds = 0;
  return () => {
    const { listener } = engine;
    const camera = scene.activeCamera;
    const ours = !listener.isAttached || listener.attachedNode === attached;
    if (!ours || camera === null || engine.currentTime < quietUntil) return;
    if (!listener.isAttached || camera !== attached) {
      listener.attach(camera);
      attached = camera;
    }
    listener.update();
    quietUntil = engine.currentTime + engine.parameterRampDuration;
  };
}

function createPlace(
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
function positionOf(node: Node): Vector3 {
  node.computeWorldMatrix(true);
  return node.getWorldMatrix().getTranslation();
}

function warnAboutHrtf(scene: Scene, attenuation: Attenuation, logger: Logger): void {
  if (attenuation.panningModel !== 'HRTF' || scene.useRightHandedSystem) return;
  logger.warn(
    'babylon: HRTF in a left-handed scene swaps front and back. Set scene.useRightHandedSystem or use equalpower.',
  );
}

type Physics = Pick<PhysicsEngineV2, 'gravity' | 'getTimeStep' | 'getBodies' | 'getPhysicsPlugin'>;

/** Without a physics plugin there are no contacts; it may come later, so `watch` looks for it. */
function watchPhysics(scene: Scene, contacts: Contacts) {
  let watched: IPhysicsEnginePluginV2['onCollisionObservable'] | undefined;
  let physics: Physics | null = null;
  let newest: PhysicsBody | undefined;
  let known = 0;

  function onContact(event: IPhysicsCollisionEvent): void {
    const [a, b] = movingFirst(event.collider, event.collidedAgainst);
    contacts.add({
      key: `${a.transformNode.uniqueId} ${b.transformNode.uniqueId}`,
      began: event.type === 'COLLISION_STARTED',
      point: event.point,
      impulse: event.impulse,
      describe: () => {
        const { x, y, z } = positionOf(a.transformNode);
        return { a: describe(a.transformNode), b: describe(b.transformNode), point: { x, y, z } };
      },
      weight: () => weightOf(a, physics),
    });
  }

  function dispose(): void {
    watched?.removeCallback(onContact);
    watched = undefined;
  }

  /** Bodies tell of contacts only when asked to, each of them; those that cannot move need not be asked. */
  function askNewBodies(bodies: readonly PhysicsBody[]): void {
    if (bodies.length === known && bodies.at(-1) === newest) return;
    known = bodies.length;
    newest = bodies.at(-1);
    for (const body of bodies) if (isMoving(body)) body.setCollisionCallbackEnabled(true);
  }

  return {
    dispose,
    watch(): void {
      const found = (scene as { getPhysicsEngine?: () => unknown }).getPhysicsEngine?.();
      physics = (found as Physics | null | undefined) ?? null;
      const plugin: Partial<IPhysicsEnginePluginV2> | null | undefined =
        physics?.getPhysicsPlugin();
      if (plugin?.onCollisionObservable !== watched) {
        dispose();
        watched = plugin?.onCollisionObservable;
        watched?.add(onContact);
      }
      if (watched !== undefined && physics !== null) askNewBodies(physics.getBodies());
    },
  };
}

/** N·s that hold the body up for a step. */
function weightOf(body: PhysicsBody, physics: Physics | null): number {
  if (physics === null || !isMoving(body)) return 0;
  return (body.getMassProperties().mass ?? 0) * physics.gravity.length() * physics.getTimeStep();
}

/** PhysicsMotionType.DYNAMIC, a const enum that erased types cannot import. */
const DYNAMIC = 2;

function isMoving(body: PhysicsBody): boolean {
  return (body.getMotionType() as number) === DYNAMIC;
}

function movingFirst(a: PhysicsBody, b: PhysicsBody): [PhysicsBody, PhysicsBody] {
  return !isMoving(a) && isMoving(b) ? [b, a] : [a, b];
}

interface Described {
  metadata: unknown;
  material?: { name: string; metadata: unknown } | null;
  _tags?: Record<string, boolean>;
}

/** Material: metadata.material, glTF extras.material, the same of the node's material, that material's name, the first tag. */
function describe(node: Node): SceneObject {
  const { metadata, material, _tags } = node as unknown as Described;
  const tags = Object.keys(_tags ?? {});
  const word =
    materialIn(metadata) ?? materialIn(material?.metadata) ?? material?.name ?? tags[0] ?? '';
  return { id: String(node.uniqueId), name: node.name, material: word, tags };
}

function materialIn(metadata: unknown): string | undefined {
  const { material, gltf } = (metadata ?? {}) as {
    material?: unknown;
    gltf?: { extras?: { material?: unknown } | null } | null;
  };
  const word = material ?? gltf?.extras?.material;
  return typeof word === 'string' && word !== '' ? word : undefined;
}
