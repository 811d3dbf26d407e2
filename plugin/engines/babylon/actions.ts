/**
 * What somebody does to a mesh, by Babylon's ActionManager: pick, pointerOver, … on the meshes that are wanted; and keys.
 *
 *   { kind: action, name: pick, a: { name: [door] } } ──▶ an action of ours on door's manager, gone with the binding
 *
 * A mesh without a manager gets one, which goes again too; it does not change the pointer's looks. One whose parent has a
 * recursive manager uses that one: its own would take the parent's picks away. Keys are pressed on the scene: `a` is nothing.
 */
import type { AbstractActionManager } from '@babylonjs/core/Actions/abstractActionManager.js';
import type { ActionEvent } from '@babylonjs/core/Actions/actionEvent.js';
import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Unsubscribe } from '../../adapter.ts';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { NOTHING } from '../../scene-event.ts';
import { createNodeHolds, createNodeScan, isMesh } from './node-scan.ts';
import { positionOf } from './place.ts';
import { pointOf, type Source, type SourceContext } from './source.ts';

/** Babylon's triggers by the names that bindings use. */
const POINTER_TRIGGERS = [
  ['pick', 1],
  ['pickDown', 5],
  ['doublePick', 6],
  ['pickUp', 7],
  ['longPress', 8],
  ['pointerOver', 9],
  ['pointerOut', 10],
] as const;
const KEY_TRIGGERS = [
  ['keyDown', 14],
  ['keyUp', 15],
] as const;

export function createActions({ scene, emit, describe, guard }: SourceContext): Source {
  const holds = createNodeHolds();
  const managers = createManagers(scene);
  let isWanted: (topic: Topic) => boolean = () => false;
  let releaseKeys: Unsubscribe = () => {};

  const topicOf = (name: string, a = NOTHING) => ({ kind: 'action', name, a, b: NOTHING }) as const;

  const onPointer = guard((mesh: AbstractMesh, name: string, event: ActionEvent) => {
    const { source, additionalData } = event;
    if (source !== mesh && !(source as Node).isDescendantOf(mesh)) return;
    const point = pointOf(additionalData?.pickedPoint ?? positionOf(mesh));
    emit({ ...topicOf(name, describe(mesh)), point, impulse: 0 });
  });

  const onKey = guard((name: string, { sourceEvent }: ActionEvent) => {
    if (sourceEvent?.repeat === true) return;
    const point = pointOf(scene.activeCamera?.globalPosition ?? { x: 0, y: 0, z: 0 });
    emit({ ...topicOf(name), point, impulse: 0, data: { key: String(sourceEvent?.key ?? '') } });
  });

  function look(node: Node): void {
    if (!isMesh(node)) return;
    const object = describe(node);
    const names = POINTER_TRIGGERS.filter(([name]) => isWanted(topicOf(name, object)));
    if (names.length === 0) return;
    const manager = managerFor(node) ?? giveManager(node);
    const actions = names.map(
      ([name, trigger]) => new ExecuteCodeAction(trigger, (event) => onPointer(node, name, event)),
    );
    holds.hold(node, managers.register(manager, actions));
  }

  function giveManager(mesh: AbstractMesh): AbstractActionManager {
    const manager = managers.make();
    mesh.actionManager = manager;
    return manager;
  }

  function watchKeys(): Unsubscribe {
    const names = KEY_TRIGGERS.filter(([name]) => isWanted(topicOf(name)));
    if (names.length === 0) return () => {};
    const manager = scene.actionManager ?? managers.make();
    scene.actionManager = manager;
    const actions = names.map(
      ([name, trigger]) => new ExecuteCodeAction(trigger, (event) => onKey(name, event)),
    );
    return managers.register(manager, actions);
  }

  const scan = createNodeScan(scene, look);

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      holds.clear();
      releaseKeys();
      releaseKeys = watchKeys();
      if (bindings.length > 0) scan.start();
      else scan.stop();
    },
    step: scan.step,
  };
}

/** The one that Babylon asks for picks of this mesh. */
function managerFor(mesh: AbstractMesh): AbstractActionManager | null {
  if (mesh.actionManager !== null) return mesh.actionManager;
  for (let node = mesh.parent; node !== null; node = node.parent) {
    if (isMesh(node) && node.actionManager?.isRecursive === true) return node.actionManager;
  }
  return null;
}

/** Managers made for sounds, and actions registered for them, each taken back exactly. */
function createManagers(scene: Scene) {
  const made = new WeakSet<AbstractActionManager>();

  function dispose(manager: AbstractActionManager): void {
    if (scene.actionManager === manager) Object.assign(scene, { actionManager: null });
    manager.dispose();
  }

  return {
    make(): AbstractActionManager {
      const manager = new ActionManager(scene);
      manager.hoverCursor = scene.defaultCursor;
      made.add(manager);
      return manager;
    },
    register(manager: AbstractActionManager, actions: readonly ExecuteCodeAction[]): Unsubscribe {
      for (const action of actions) manager.registerAction(action);
      return () => {
        for (const action of actions) manager.unregisterAction(action);
        if (made.has(manager) && manager.actions.length === 0) dispose(manager);
      };
    },
  };
}
