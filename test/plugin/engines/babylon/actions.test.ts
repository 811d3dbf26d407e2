/** Picks as Babylon's input manager makes them, without a canvas. */
import { ActionEvent } from '@babylonjs/core/Actions/actionEvent.js';
import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { PickingInfo } from '@babylonjs/core/Collisions/pickingInfo.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, test } from 'vitest';
import type { EventBinding } from '../../../../plugin/sound-definition.ts';
import { named } from '../../events.ts';
import { announced, countObservers, createWorld } from './world.ts';

class FakePointerEvent {
  readonly type: string;
  readonly button = 0;
  readonly pointerId = 1;
  constructor(type: string) {
    this.type = type;
  }
}
Object.assign(globalThis, { PointerEvent: FakePointerEvent });

const PICK = { kind: 'action', name: 'pick' } as const;

async function setUp(...bindings: Partial<EventBinding>[]) {
  const world = await createWorld(...bindings);
  const door = CreateBox('door', {}, world.scene);
  door.position.x = 2;
  const box = CreateBox('box', {}, world.scene);
  await announced();
  world.render();
  return { ...world, door, box };
}

function click(scene: Scene, mesh: AbstractMesh, at: Vector3 | null = null): void {
  const info = new PickingInfo();
  Object.assign(info, { hit: true, pickedMesh: mesh, pickedPoint: at });
  scene.simulatePointerDown(info);
  scene.simulatePointerUp(info);
}

function press(scene: Scene, trigger: number, fields: object): void {
  const event = ActionEvent.CreateNewFromScene(scene, fields);
  scene.actionManager?.processTrigger(trigger, event);
}

describe('picking', () => {
  test('a wanted mesh is told once, where it was picked', async () => {
    const { scene, door, box, told, events } = await setUp({ ...PICK, a: named('door') });
    click(scene, door, new Vector3(2, 0.4, -0.5));
    click(scene, box);
    expect(told()).toEqual(['once pick door']);
    expect(events[0]?.point).toEqual({ x: 2, y: 0.4, z: -0.5 });
    expect(box.actionManager).toBeNull();
  });

  test('or in its middle, where Babylon does not say', async () => {
    const { scene, door, events } = await setUp({ kind: 'action', name: 'pickDown' });
    click(scene, door);
    expect(events[0]?.point).toEqual({ x: 2, y: 0, z: 0 });
  });

  test('names say what was done', async () => {
    const { scene, door, told } = await setUp({ kind: 'action', name: 'pick*', a: named('door') });
    click(scene, door);
    expect(told()).toEqual(['once pickDown door', 'once pickUp door', 'once pick door']);
  });

  test('meshes that come later are watched', async () => {
    const { scene, told, render } = await setUp({ ...PICK, a: named('late') });
    const late = CreateBox('late', {}, scene);
    await announced();
    render();
    click(scene, late);
    expect(told()).toEqual(['once pick late']);
  });

  test('pointer over and out', async () => {
    const { scene, door, told } = await setUp({ kind: 'action', name: 'pointer*' });
    scene.setPointerOverMesh(door);
    scene.setPointerOverMesh(null);
    expect(told()).toEqual(['once pointerOver door', 'once pointerOut door']);
  });
});

describe("the game's own actions", () => {
  test('stay, and go on working, when ours come and go', async () => {
    const { scene, door, told, watch, render } = await setUp();
    const clicks: string[] = [];
    door.actionManager = new ActionManager(scene);
    const theirs = new ExecuteCodeAction(ActionManager.OnPickTrigger, () => clicks.push('door'));
    door.actionManager.registerAction(theirs);
    watch(PICK);
    render();
    click(scene, door);
    watch();
    click(scene, door);
    expect([told(), clicks]).toEqual([['once pick door'], ['door', 'door']]);
    expect(door.actionManager.actions).toEqual([theirs]);
  });

  test('of a parent with a recursive manager still hear picks of its children', async () => {
    const { scene, door, box, told, watch, render } = await setUp();
    const clicks: string[] = [];
    door.parent = box;
    box.actionManager = new ActionManager(scene);
    box.actionManager.isRecursive = true;
    box.actionManager.registerAction(
      new ExecuteCodeAction(ActionManager.OnPickTrigger, () => clicks.push('box')),
    );
    watch({ ...PICK, a: named('door') });
    render();
    click(scene, door);
    click(scene, box);
    expect([told(), clicks]).toEqual([['once pick door'], ['box', 'box']]);
    expect(door.actionManager).toBeNull();
  });

  test('put on a manager that we made keep it', async () => {
    const { scene, door, watch, render } = await setUp();
    watch(PICK);
    render();
    const clicks: string[] = [];
    door.actionManager?.registerAction(
      new ExecuteCodeAction(ActionManager.OnPickTrigger, () => clicks.push('door')),
    );
    watch();
    click(scene, door);
    expect(clicks).toEqual(['door']);
  });

  test('sounds do not change the pointer', async () => {
    const { scene, door } = await setUp(PICK);
    expect(door.actionManager?.hoverCursor).toBe(scene.defaultCursor);
  });
});

describe('keys', () => {
  test('are pressed on the scene: nothing is a, the key is in the data', async () => {
    const { scene, events, told } = await setUp({ kind: 'action', name: 'key*' });
    press(scene, ActionManager.OnKeyDownTrigger, { key: 'e' });
    press(scene, ActionManager.OnKeyDownTrigger, { key: 'e', repeat: true });
    press(scene, ActionManager.OnKeyUpTrigger, { key: 'e' });
    expect(told()).toEqual(['once keyDown', 'once keyUp']);
    expect(events[0]?.data).toEqual({ key: 'e' });
  });

  test('leave no manager behind', async () => {
    const { scene, watch } = await setUp({ kind: 'action', name: 'keyDown' });
    expect(scene.actionManagers).toHaveLength(1);
    watch();
    expect([scene.actionManagers.length, scene.actionManager]).toEqual([0, null]);
  });
});

test('managers and actions are taken back, by watching nothing and by dispose', async () => {
  const { scene, adapter, door, watch, render } = await setUp();
  watch();
  const before = countObservers(scene);
  watch({ kind: 'action' });
  render();
  expect(scene.actionManagers).toHaveLength(3);
  watch();
  expect([countObservers(scene), door.actionManager]).toEqual([before, null]);
  watch({ kind: 'action' });
  render();
  adapter.dispose();
  expect([scene.actionManagers.length, door.actionManager]).toEqual([0, null]);
});

test('a mesh that is disposed takes its actions along', async () => {
  const { scene, door, box, watch, warnings } = await setUp({ ...PICK, a: named('door', 'box') });
  door.dispose();
  expect(scene.actionManagers).toHaveLength(1);
  box.dispose();
  watch();
  expect([scene.actionManagers.length, warnings]).toEqual([0, []]);
});
