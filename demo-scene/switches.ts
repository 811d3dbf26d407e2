/** What is shown and heard: overview, markers, captions, mute; each a button and a key. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import type { Node } from '@babylonjs/core/node.js';
import { createCaptionElement } from '../plugin/captions/caption-element.ts';
import type { Foley } from '../plugin/foley.ts';
import { createMarkerLayer } from './markers/marker-layer.ts';
import { element } from './panel/element.ts';
import { markStateOf, marksOf } from './panel/inspection.ts';
import { createToolbar } from './panel/toolbar.ts';
import type { World } from './room/world.ts';

export interface Switches {
  /** By letter, in lower case. */
  readonly keys: Readonly<Record<string, () => void>>;
}

export interface SwitchesOptions {
  world: World;
  foley: Foley<Node>;
  audio: AudioEngineV2;
  /** Less motion was asked for. */
  calm: boolean;
}

export function createSwitches({ world, foley, audio, calm }: SwitchesOptions): Switches {
  const { view, scene } = world;
  const canvas = element('markers', HTMLCanvasElement);
  const markers = createMarkerLayer({ scene, canvas, calm, marks: () => marksOf(foley.inspect()) });
  let isMuted = false;
  const captions = createCaptionElement(foley);
  element('captions', HTMLDivElement).append(captions.element);
  foley.onEvent((event) => {
    if (event.point) markers.ping(event.point, markStateOf(event));
  });
  const toggles = {
    v: () => view.setWalking(!view.isWalking),
    k: () => {
      markers.isShown = !markers.isShown;
    },
    c: () => captions.set({ on: !captions.settings.on }),
    m: () => {
      isMuted = !isMuted;
      audio.setVolume(isMuted ? 0 : 1);
    },
  };
  const bar = createToolbar('switches', [
    { label: 'Overview (V)', text: 'Overview', isOn: () => !view.isWalking, onPress: toggles.v },
    { label: 'Markers (K)', text: 'Markers', isOn: () => markers.isShown, onPress: toggles.k },
    {
      label: 'Captions (C)',
      text: 'Captions',
      isOn: () => captions.settings.on,
      onPress: toggles.c,
    },
    { label: 'Mute (M)', text: 'Mute', isOn: () => isMuted, onPress: toggles.m },
  ]);
  const showView = () => {
    document.documentElement.dataset.view = view.isWalking ? 'walk' : 'overview';
    bar.refresh();
  };
  view.onChange = showView;
  showView();
  const entries = Object.entries(toggles).map(([key, toggle]) => {
    const press = () => {
      toggle();
      bar.refresh();
    };
    return [key, press] as const;
  });
  return { keys: Object.fromEntries(entries) };
}
