/** Trigger volumes of Havok: `a` is inside the volume `b`, from its begin to its end. */
import type { IBasePhysicsCollisionEvent } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { watchPhysics } from './physics.ts';
import { positionOf } from './place.ts';
import { observe, pointOf, type Source, type SourceContext, untilDisposed } from './source.ts';

export function createTriggers({ scene, lasting, describe, guard }: SourceContext): Source {
  let isWanted: (topic: Topic) => boolean = () => false;

  const onTrigger = guard((event: IBasePhysicsCollisionEvent) => {
    const [one, volume] = volumeLast(event.collider, event.collidedAgainst);
    const [a, b] = [describe(one.transformNode), describe(volume.transformNode)];
    const topic = { kind: 'trigger', a, b } as const;
    if (!isWanted(topic)) return;
    const point = pointOf(positionOf(one.transformNode));
    const told = { ...topic, point, impulse: 0 };
    if ((event.type as string) === 'TRIGGER_EXITED') lasting.end(told);
    else lasting.begin(told, untilDisposed(one.transformNode, volume.transformNode));
  });

  const physics = watchPhysics(scene, ({ onTriggerCollisionObservable: observable }) =>
    observable === undefined ? () => {} : observe(observable, onTrigger),
  );

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      if (bindings.length === 0) physics.stop();
      else physics.look();
    },
    step: () => void physics.look(),
  };
}

function volumeLast(a: PhysicsBody, b: PhysicsBody): [PhysicsBody, PhysicsBody] {
  return a.shape?.isTrigger === true && b.shape?.isTrigger !== true ? [b, a] : [a, b];
}
