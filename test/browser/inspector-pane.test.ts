/** The pane for Babylon's Inspector, mounted and unmounted as React does it, by a stand-in for React and the shell. */
import { afterEach, expect, test } from 'vitest';
import {
  createFoleyPane,
  type PaneShell,
  type SidePane,
} from '../../plugin/engines/babylon/inspector-pane.ts';
import { createNullAdapter } from '../../plugin/engines/null.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import { binding } from '../plugin/events.ts';
import { createFakeRuntime } from '../plugin/fake-runtime.ts';
import { sound, soundMap } from '../plugin/sound-maps.ts';

type Ref = (node: HTMLElement | null) => void;
interface StandInElement {
  type: string;
  props: { ref: Ref };
}

const SHELL: unique symbol = Symbol('ShellService');
const knock = sound('knock', { on: [binding({ kind: 'event', name: 'knock' })] });

const gone: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of gone.splice(0)) await end();
});

async function setUp() {
  const runtime = createFakeRuntime();
  const options = { model: '/m/', runtime, sounds: soundMap(knock), stream: false };
  const foley = await createFoleyWith(createNullAdapter(), options);
  gone.push(foley.dispose);
  const listeners = new Set<unknown>();
  const onEvent: typeof foley.onEvent = (listener) => {
    const stop = foley.onEvent(listener);
    listeners.add(listener);
    return () => {
      stop();
      listeners.delete(listener);
    };
  };
  const watched: typeof foley = Object.create(foley, { onEvent: { value: onEvent } });
  const panes = new Set<SidePane<StandInElement>>();
  const shell: PaneShell<StandInElement> = {
    addSidePane(pane) {
      panes.add(pane);
      return { dispose: () => panes.delete(pane) };
    },
  };
  const definition = createFoleyPane(watched, {
    shellIdentity: SHELL,
    createElement: (type: string, props: { ref: Ref }): StandInElement => ({ type, props }),
  });
  return { foley, definition, shell, panes, listeners };
}

/** As React does: the node, then its ref; @returns takes both back. */
function render({ type, props }: StandInElement) {
  const node = document.createElement(type);
  document.body.append(node);
  props.ref(node);
  return {
    node,
    unmount() {
      props.ref(null);
      node.remove();
    },
  };
}

function eventsIn(node: HTMLElement): number {
  const root = node.firstElementChild?.shadowRoot;
  return root?.querySelectorAll('li .prompt').length ?? 0;
}

test('the service asks for the shell and adds one pane, with an icon that is drawn once', async () => {
  const { definition, shell, panes } = await setUp();
  expect(definition.consumes).toEqual([SHELL]);
  gone.push(definition.factory(shell).dispose);
  const [pane] = panes;
  expect(pane).toMatchObject({ key: 'scenefoley', title: 'Sounds', horizontalLocation: 'right' });
  const icon = pane?.icon();
  if (icon === undefined) throw new Error('pane: no icon.');
  const { node, unmount } = render(icon);
  icon.props.ref(node);
  expect(node.querySelectorAll('svg')).toHaveLength(1);
  unmount();
});

test('events from before the pane was opened are there, and from while its tab was away', async () => {
  const { foley, definition, shell, panes } = await setUp();
  gone.push(definition.factory(shell).dispose);
  const [pane] = panes;
  if (pane === undefined) throw new Error('pane: none was added.');
  const knockAgain = async () => {
    await foley.ready();
    const before = foley.stats().played;
    foley.trigger('knock');
    await expect.poll(() => foley.stats().played).toBe(before + 1);
  };
  await knockAgain();
  const first = render(pane.content());
  await expect.poll(() => eventsIn(first.node)).toBe(2); // made, then played
  first.unmount();
  expect(first.node.childElementCount).toBe(0);
  await knockAgain();
  const second = render(pane.content());
  await expect.poll(() => eventsIn(second.node)).toBe(3);
  second.unmount();
});

test('drawn again it is the same ref, so that React leaves the panel where it is', async () => {
  const { definition, shell, panes } = await setUp();
  gone.push(definition.factory(shell).dispose);
  const [pane] = panes;
  expect(pane?.content().props.ref).toBe(pane?.content().props.ref);
});

test('the Inspector is closed: no pane, no panel, no listener', async () => {
  const { definition, shell, panes, listeners } = await setUp();
  const service = definition.factory(shell);
  const [pane] = panes;
  if (pane === undefined) throw new Error('pane: none was added.');
  const { node } = render(pane.content());
  expect([node.childElementCount, panes.size, listeners.size]).toEqual([1, 1, 1]);
  service.dispose();
  service.dispose();
  expect([node.childElementCount, panes.size, listeners.size]).toEqual([0, 0, 0]);
  node.remove();
});

test('opened twice, each Inspector has its own', async () => {
  const { definition, shell, panes, listeners } = await setUp();
  const services = [definition.factory(shell), definition.factory(shell)];
  expect([panes.size, listeners.size]).toEqual([2, 2]);
  services[0]?.dispose();
  expect([panes.size, listeners.size]).toEqual([1, 1]);
  services[1]?.dispose();
});
