/**
 * Actions 'intersectionEnter' and 'intersectionExit': the boxes of mesh `a` and mesh `b` begin and cease to overlap.
 *
 * Compared once per rendered image, mesh by mesh as Babylon's ActionManager does; not by it, because it tells of each
 * overlap only one action, and that may be the game's. A binding must name `b`; pairs are bounded.
 */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { compileGlob, matches } from '../../node-selector.ts';
import type { SceneObject } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { createNodeScan, isMesh } from './node-scan.ts';
import { positionOf } from './place.ts';
import { pointOf, type Source, type SourceContext } from './source.ts';

interface Pair {
  readonly a: AbstractMesh;
  readonly b: AbstractMesh;
  overlap: boolean;
}

const ENTER = 'intersectionEnter';
const EXIT = 'intersectionExit';
const MOST_PAIRS = 256;

export function createIntersections({ scene, emit, describe, logger }: SourceContext): Source {
  let wanted: readonly EventBinding[] = [];
  let isWanted: (topic: Topic) => boolean = () => false;
  let pairs: Pair[] = [];
  /** Those that some binding names. */
  let meshes: AbstractMesh[] = [];
  let full = false;

  function pair(a: AbstractMesh, b: AbstractMesh): void {
    const [one, other] = [describe(a), describe(b)];
    if (a === b || !wanted.some((binding) => matches(binding.a, one) && matches(binding.b, other)))
      return;
    if (pairs.length < MOST_PAIRS) pairs.push({ a, b, overlap: a.intersectsMesh(b) });
    else if (!full) tellFull();
  }

  const isNamed = (object: SceneObject) =>
    wanted.some(({ a, b }) => matches(a, object) || matches(b, object));

  function tellFull(): void {
    full = true;
    logger.warn(
      `babylon: intersections of more than ${MOST_PAIRS} pairs are wanted, others are left out. Select fewer meshes.`,
    );
  }

  const scan = createNodeScan(scene, (node: Node) => {
    if (!isMesh(node) || !isNamed(describe(node))) return;
    meshes = meshes.filter((mesh) => !mesh.isDisposed());
    for (const other of meshes) {
      pair(node, other);
      pair(other, node);
    }
    meshes.push(node);
  });

  function compare(one: Pair): void {
    const { a, b } = one;
    const overlap = a.isEnabled() && b.isEnabled() && a.intersectsMesh(b);
    if (overlap === one.overlap) return;
    one.overlap = overlap;
    const topic = {
      kind: 'action',
      name: overlap ? ENTER : EXIT,
      a: describe(a),
      b: describe(b),
    } as const;
    if (isWanted(topic)) emit({ ...topic, point: pointOf(positionOf(a)), impulse: 0 });
  }

  return {
    watch(bindings) {
      wanted = bindings.filter(isIntersection);
      isWanted = compileTopics(wanted);
      pairs = [];
      meshes = [];
      if (wanted.length > 0) scan.start();
      else scan.stop();
    },
    step() {
      scan.step();
      if (pairs.some(isGone)) pairs = pairs.filter((one) => !isGone(one));
      for (const one of pairs) compare(one);
    },
  };
}

/** One that names no `b` would compare everything with everything. */
function isIntersection({ name, b }: EventBinding): boolean {
  const fits = compileGlob(name);
  return name !== null && b !== null && (fits(ENTER) || fits(EXIT));
}

function isGone({ a, b }: Pair): boolean {
  return a.isDisposed() || b.isDisposed();
}
