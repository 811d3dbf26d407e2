/** Havok's contacts → collisions, scraping and rolling: each body asked to tell, each contact point handed on. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { IPhysicsCollisionEvent } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { type Contact, createContacts } from '../contacts.ts';
import { createFriction, type Motion, type Rub } from '../friction.ts';
import { isMoving, isStatic, type Physics, watchPhysics } from './physics.ts';
import { positionOf } from './place.ts';
import { observe, pointOf, type Source, type SourceContext, untilDisposed } from './source.ts';

/** Steps without news after which a pair of bodies is forgotten. */
const MAX_IDLE = 120;

/** Two bodies in touch: what their contact points have in common, made once and filled anew for each. */
interface Pair {
  contact: Contact;
  rub: Rub;
  touched: number;
}

export function createBodies(context: SourceContext): Source {
  const { scene, emit, lasting, describe, find, guard } = context;
  const pairs = new Map<number, Pair>();
  let isWanted: (topic: Topic) => boolean = () => false;
  let physics: Physics | null = null;
  let hitsWanted = false;
  let rubsWanted = false;
  let steps = 0;
  const contacts = createContacts((event) => {
    if (isWanted(event)) emit(event);
  });
  const friction = createFriction(
    lasting,
    (topic) => isWanted(topic),
    (a, b) => untilDisposed(...[a, b].flatMap(({ id }) => find(id) ?? [])),
  );
  const askBodies = createAsker();
  const onContact = guard((event: IPhysicsCollisionEvent) => {
    const pair = pairOf(event.collider, event.collidedAgainst);
    pair.touched = steps;
    if (hitsWanted) {
      pair.contact.began = (event.type as string) === 'COLLISION_STARTED';
      pair.contact.point = event.point;
      pair.contact.impulse = event.impulse;
      contacts.add(pair.contact);
    }
    if (!rubsWanted || event.point === null || event.normal === null) return;
    pair.rub.point = event.point;
    pair.rub.normal = event.normal;
    pair.rub.impulse = event.impulse;
    friction.add(pair.rub);
  });

  function pairOf(one: PhysicsBody, other: PhysicsBody): Pair {
    const [first, second] = [one.transformNode.uniqueId, other.transformNode.uniqueId];
    const key = Math.min(first, second) * 2 ** 26 + Math.max(first, second);
    const pair = pairs.get(key) ?? createPair(String(key), movingFirst(one, other));
    pairs.set(key, pair);
    return pair;
  }

  function createPair(key: string, [a, b]: [PhysicsBody, PhysicsBody]): Pair {
    const describeBoth = () => {
      const point = pointOf(positionOf(a.transformNode));
      return { a: describe(a.transformNode), b: describe(b.transformNode), point };
    };
    const point = Vector3.Zero();
    const motions = createMotions(a, b);
    return {
      contact: {
        key,
        began: false,
        point: null,
        impulse: 0,
        describe: describeBoth,
        weight: () => weightOf(a, physics),
      },
      rub: { key, point, normal: point, impulse: 0, describe: describeBoth, motions },
      touched: steps,
    };
  }

  function forget(): void {
    for (const [key, { touched }] of pairs) if (touched < steps - MAX_IDLE) pairs.delete(key);
  }

  const watch = watchPhysics(scene, ({ onCollisionObservable: observable }) =>
    observable === undefined ? () => {} : observe(observable, onContact),
  );

  function look(): void {
    physics = watch.look();
    if (physics !== null) askBodies(physics.getBodies());
  }

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      hitsWanted = bindings.some(({ kind }) => kind === 'collision');
      rubsWanted = bindings.some(({ kind }) => kind === 'contact');
      friction.clear();
      if (bindings.length > 0) look();
      else watch.stop();
    },
    step() {
      steps += 1;
      look();
      contacts.step();
      friction.step();
      if (steps % MAX_IDLE === 0) forget();
    },
  };
}

/** Bodies tell of contacts only when asked to, each of them; those that never move need not be asked. */
function createAsker() {
  let newest: PhysicsBody | undefined;
  let known = 0;
  return (bodies: readonly PhysicsBody[]): void => {
    if (bodies.length === known && bodies.at(-1) === newest) return;
    known = bodies.length;
    newest = bodies.at(-1);
    for (const body of bodies) if (!isStatic(body)) body.setCollisionCallbackEnabled(true);
  };
}

/** N·s that hold the body up for a step. */
function weightOf(body: PhysicsBody, physics: Physics | null): number {
  if (physics === null || !isMoving(body)) return 0;
  return (body.getMassProperties().mass ?? 0) * physics.gravity.length() * physics.getTimeStep();
}

/** The one that moves, else the older one: a pair has one order, whoever tells of it. */
function movingFirst(a: PhysicsBody, b: PhysicsBody): [PhysicsBody, PhysicsBody] {
  const [first, second] = [isMoving(a), isMoving(b)];
  if (first !== second) return first ? [a, b] : [b, a];
  return a.transformNode.uniqueId <= b.transformNode.uniqueId ? [a, b] : [b, a];
}

/** @returns null: one is gone, or is many bodies in one, whose velocities are not told apart. */
function createMotions(a: PhysicsBody, b: PhysicsBody): Rub['motions'] {
  const motionOfA = createMotion(a);
  const motionOfB = createMotion(b);
  return () => {
    if (a.isDisposed || b.isDisposed || isMany(a) || isMany(b)) return null;
    return { a: motionOfA(), b: motionOfB() };
  };
}

function isMany(body: PhysicsBody): boolean {
  return body._pluginDataInstances.length > 0;
}

/** @returns its motion now, in an object that it fills anew. */
function createMotion(body: PhysicsBody): () => Motion {
  const { transformNode } = body;
  const offset = Vector3.Zero();
  const motion = { linear: Vector3.Zero(), angular: Vector3.Zero(), center: Vector3.Zero() };
  const massCenter = isStatic(body) ? null : (body.getMassProperties().centerOfMass ?? null);
  return () => {
    if (isStatic(body)) return motion;
    body.getLinearVelocityToRef(motion.linear);
    body.getAngularVelocityToRef(motion.angular);
    motion.center.copyFrom(positionOf(transformNode));
    massCenter?.rotateByQuaternionToRef(transformNode.absoluteRotationQuaternion, offset);
    motion.center.addInPlace(offset);
    return motion;
  };
}
