/**
 * `scenefoley/babylon-inspector`: a pane for Babylon's Inspector v2.
 *
 *   ShowInspector(scene, { serviceDefinitions: [createFoleyPane(foley, …)] })
 *     ──▶ shell.addSidePane ──▶ content: a React element whose ref mounts the panel ──▶ plain DOM
 *
 * React and the Inspector are the game's: it hands in the two functions that are needed, nothing of them is imported here. The
 * journal lives as long as the pane, so that events are there when its tab is opened, or opened again.
 */
import { keepJournal } from '../../panel/journal.ts';
import { createPanel, type FoleyPanelOptions, type PanelFoley } from '../../panel/panel.ts';

export {
  createFoleyPanel,
  type FoleyPanel,
  type FoleyPanelOptions,
  type PanelFoley,
} from '../../panel/panel.ts';

/** React's `createElement`, as far as it is used. */
export type CreateElement<ReactElement> = (
  type: 'div',
  props: { ref: (node: HTMLElement | null) => void },
) => ReactElement;

/** `undefined` means default. */
export interface FoleyPaneOptions<Identity extends symbol, ReactElement>
  extends Omit<FoleyPanelOptions, 'document'> {
  /** The Inspector's `ShellServiceIdentity`. */
  shellIdentity: Identity;
  /** React's, the one that the Inspector uses. */
  createElement: CreateElement<ReactElement>;
  /** Default 'Sounds'. */
  title?: string | undefined;
  /** Component for the tab; default a loudspeaker. */
  icon?: (() => ReactElement) | undefined;
  /** Default 'right'. */
  horizontalLocation?: 'left' | 'right' | undefined;
  /** Default 'top'. */
  verticalLocation?: 'top' | 'bottom' | undefined;
  /** Among the other panes; default 900: after the Inspector's own. */
  order?: number | undefined;
}

/** What the Inspector is told of a pane. */
export interface SidePane<ReactElement> {
  key: string;
  title: string;
  icon: () => ReactElement;
  content: () => ReactElement;
  horizontalLocation: 'left' | 'right';
  verticalLocation: 'top' | 'bottom';
  order: number;
  /** Its prompt and folded lists stay while another tab is open. */
  keepMounted: boolean;
  /** No balloon that points to it. */
  teachingMoment: false;
}

/** The Inspector's shell service, as far as it is used. */
export interface PaneShell<ReactElement> {
  addSidePane(pane: SidePane<ReactElement>): { dispose(): void };
}

/** For the Inspector's `serviceDefinitions`. */
export interface FoleyPaneDefinition<Identity extends symbol, ReactElement> {
  friendlyName: string;
  consumes: [Identity];
  factory(shell: PaneShell<ReactElement>): { dispose(): void };
}

const PLACE = {
  title: 'Sounds',
  horizontalLocation: 'right',
  verticalLocation: 'top',
  order: 900,
} as const;

/** The service that adds the pane; each `ShowInspector` with it makes a pane of its own. */
export function createFoleyPane<Identity extends symbol, ReactElement>(
  foley: PanelFoley,
  options: FoleyPaneOptions<Identity, ReactElement>,
): FoleyPaneDefinition<Identity, ReactElement> {
  const { shellIdentity, createElement } = options;
  const { title = PLACE.title, order = PLACE.order } = options;
  const { horizontalLocation = PLACE.horizontalLocation } = options;
  const { verticalLocation = PLACE.verticalLocation } = options;
  const { icon = () => createElement('div', { ref: drawIcon }) } = options;
  const place = { title, horizontalLocation, verticalLocation, order, icon };
  return {
    friendlyName: 'SceneFoley',
    consumes: [shellIdentity],
    factory(shell) {
      const mount = createMount(foley, options);
      const content = () => createElement('div', { ref: mount.ref });
      const extras = { keepMounted: true, teachingMoment: false } as const;
      const pane = shell.addSidePane({ key: 'scenefoley', ...place, ...extras, content });
      return {
        dispose() {
          pane.dispose();
          mount.dispose();
        },
      };
    },
  };
}

interface Mount {
  /** The same function every time, so that React calls it only when the node comes or goes. */
  ref(node: HTMLElement | null): void;
  dispose(): void;
}

function createMount(foley: PanelFoley, { context, onChoice }: FoleyPanelOptions): Mount {
  const journal = keepJournal(foley);
  let unmount = () => {};

  function ref(node: HTMLElement | null): void {
    unmount();
    unmount = () => {};
    if (node === null) return;
    const panel = createPanel(foley, journal, { document: node.ownerDocument, context, onChoice });
    node.style.display = 'contents'; // the Inspector lays the panel out as its own
    node.append(panel.element);
    unmount = panel.dispose;
  }

  return {
    ref,
    dispose() {
      ref(null);
      journal.dispose();
    },
  };
}

const SVG = 'http://www.w3.org/2000/svg';
const LOUDSPEAKER = 'M3 8v4h3l4 3.5v-11L6 8zM12.5 7a4 4 0 0 1 0 6m2-8a7 7 0 0 1 0 10';

function drawIcon(node: HTMLElement | null): void {
  if (node === null || node.childElementCount > 0) return;
  const picture = node.ownerDocument.createElementNS(SVG, 'svg');
  const path = node.ownerDocument.createElementNS(SVG, 'path');
  const look = {
    viewBox: '0 0 20 20',
    width: '20',
    height: '20',
    fill: 'none',
    stroke: 'currentColor',
  };
  for (const [name, value] of Object.entries(look)) picture.setAttribute(name, value);
  path.setAttribute('d', LOUDSPEAKER);
  picture.append(path);
  node.style.display = 'flex';
  node.append(picture);
}
