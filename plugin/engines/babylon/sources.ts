/**
 * All event sources of a Babylon scene, one file each.
 *
 *   collision, contact  bodies.ts         animationGroup  groups.ts
 *   trigger             triggers.ts       animationEvent  marks.ts, and marks of groups
 *   collide             collide.ts        node            presence.ts
 *   action              actions.ts        particles       particles.ts
 *                       intersections.ts
 *
 * A source is made when something of its kind is wanted for the first time.
 */
import type { Scene } from '@babylonjs/core/scene.js';
import type { Logger } from '../../../runtime/client.ts';
import { ANY_COLLISION, compileTopics } from '../../event-binding.ts';
import type { SceneEvent } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { createEventGate } from '../event-gate.ts';
import { createGuard } from '../guard.ts';
import { createLasting } from '../lasting.ts';
import { createActions } from './actions.ts';
import { createBodies } from './bodies.ts';
import { createCollide } from './collide.ts';
import { createGroups } from './groups.ts';
import { createIntersections } from './intersections.ts';
import { createMarks } from './marks.ts';
import type { NodeIndex } from './node-index.ts';
import { createParticles } from './particles.ts';
import { createPresence } from './presence.ts';
import type { Source, SourceContext, SourceKind } from './source.ts';
import { createTriggers } from './triggers.ts';

const SOURCES: readonly SourceKind[] = [
  { kinds: ['collision', 'contact'], create: createBodies },
  { kinds: ['trigger'], create: createTriggers },
  { kinds: ['collide'], create: createCollide },
  { kinds: ['action'], create: createActions },
  { kinds: ['action'], create: createIntersections },
  { kinds: ['animationGroup'], create: createGroups },
  { kinds: ['animationEvent', 'animationGroup'], create: createMarks },
  { kinds: ['node'], create: createPresence },
  { kinds: ['particles'], create: createParticles },
];

export interface Sources {
  watch(bindings: readonly EventBinding[]): void;
  /** Once per rendered image. */
  step(): void;
  /** Ends what lasts, and takes every observer back. */
  dispose(): void;
}

export interface SourcesOptions {
  scene: Scene;
  nodes: NodeIndex;
  logger: Logger;
  emit: (event: SceneEvent) => void;
  /** Until somebody listens nothing is observed. */
  isHeard: () => boolean;
}

export function createSources(options: SourcesOptions): Sources {
  const { scene, nodes, logger, emit, isHeard } = options;
  const guard = createGuard('babylon', logger);
  const gate = createEventGate(guard(emit));
  const onFull = () =>
    logger.warn('babylon: too many events last at once, others are left out. Select fewer nodes.');
  const lasting = createLasting(gate.emit, onFull);
  const context: SourceContext = { scene, emit: gate.emit, lasting, ...nodes, guard, logger };
  const active = new Map<SourceKind, Source>();
  let wanted: readonly EventBinding[] = [ANY_COLLISION]; // until somebody says otherwise
  let pending = true;
  let disposed = false;

  const watchKind = guard((one: SourceKind) => {
    const bindings = wanted.filter(({ kind }) => one.kinds.includes(kind));
    if (bindings.length === 0 && !active.has(one)) return;
    const source = active.get(one) ?? one.create(context);
    source.watch(bindings);
    if (bindings.length === 0) active.delete(one);
    else active.set(one, source);
  });

  function apply(): void {
    pending = false;
    for (const one of SOURCES) watchKind(one);
    lasting.retain(compileTopics(wanted.filter(isWhole)));
  }

  const advance = guard((source: Source) => source.step?.());

  return {
    watch(bindings) {
      if (disposed) return;
      wanted = [...bindings];
      if (!pending || isHeard()) apply();
    },
    step() {
      if (disposed) return;
      gate.step();
      if (pending && isHeard()) apply();
      for (const source of active.values()) advance(source);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      wanted = [];
      apply();
    },
  };
}

/** A group's marks are not its play. */
function isWhole({ kind, at }: EventBinding): boolean {
  return kind !== 'animationGroup' || at.length === 0;
}
