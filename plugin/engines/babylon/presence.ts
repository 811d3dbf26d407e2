/** Nodes that are there: `a` is in the scene and enabled, its parents too, from its begin to its end. */
import type { Node } from '@babylonjs/core/node.js';
import type { Unsubscribe } from '../../adapter.ts';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { NOTHING } from '../../scene-event.ts';
import { createNodeHolds, createNodeScan } from './node-scan.ts';
import { positionOf } from './place.ts';
import { all, observe, pointOf, type Source, type SourceContext, untilDisposed } from './source.ts';

export function createPresence({ scene, lasting, describe, guard }: SourceContext): Source {
  const holds = createNodeHolds();
  let isWanted: (topic: Topic) => boolean = () => false;
  let stopWatching: Unsubscribe | null = null;

  const topicOf = (node: Node) => ({ kind: 'node', a: describe(node), b: NOTHING }) as const;

  const tell = guard((node: Node, isThere: boolean) => {
    const event = { ...topicOf(node), point: pointOf(positionOf(node)), impulse: 0 };
    if (isThere) lasting.begin(event, untilDisposed(node));
    else lasting.end(event);
  });

  const scan = createNodeScan(scene, (node) => {
    if (!isWanted(topicOf(node))) return;
    const changes = node.onEffectiveEnabledStateChangedObservable;
    holds.hold(
      node,
      observe(changes, (enabled) => tell(node, enabled)),
    );
    tell(node, node.isEnabled());
  });

  /** Asset containers take nodes out of the scene without disposing them. */
  function watchRemoved(): Unsubscribe {
    const onRemoved = (node: Node) => {
      holds.release(node);
      if (lasting.has(topicOf(node))) tell(node, false);
    };
    return all([
      observe(scene.onMeshRemovedObservable, onRemoved),
      observe(scene.onTransformNodeRemovedObservable, onRemoved),
    ]);
  }

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      holds.clear();
      if (bindings.length > 0) {
        stopWatching ??= watchRemoved();
        scan.start();
        return;
      }
      scan.stop();
      stopWatching?.();
      stopWatching = null;
    },
    step: scan.step,
  };
}
