/**
 * The selected sound: what was asked, what came, from where, how fast; its waveform and its spectrogram.
 * The last two that were selected are kept, as A and B: press the other one and it is shown and played.
 */

import { millisecondsInWords } from '../../plugin/panel/words.ts';
import type { Take } from '../../runtime/contract.ts';
import { element } from './element.ts';
import { createSpectrogramView } from './spectrogram-view.ts';
import { drawWaveform } from './waveform-view.ts';

/** Made for this, out of a pack, or made before. */
export type HeardSource = 'generated' | 'baked' | 'cache';

/** A take and how it came to be heard. */
export interface Heard {
  take: Take;
  source: HeardSource;
  latencyMs: number;
  /** Name in the sound map; null: it was asked for by hand. */
  sound: string | null;
}

export interface TakeView {
  show(heard: Heard): void;
  /** What is shown now. */
  readonly shown: Heard | null;
}

type Side = 'a' | 'b';

export interface TakeViewOptions {
  /** The other side was chosen: play it. */
  onCompare: (heard: Heard) => void;
  /** Something else is shown. */
  onShow: (heard: Heard) => void;
}

export function createTakeView({ onCompare, onShow }: TakeViewOptions): TakeView {
  const prompt = element('take-prompt', HTMLParagraphElement);
  const facts = element('facts', HTMLDListElement);
  const waveform = element('waveform', HTMLCanvasElement);
  const spectrogram = createSpectrogramView(element('spectrogram', HTMLCanvasElement));
  const buttons = {
    a: element('take-a', HTMLButtonElement),
    b: element('take-b', HTMLButtonElement),
  };
  const kept: Partial<Record<Side, Heard>> = {};
  let side: Side = 'b';

  function draw(): void {
    const shown = kept[side];
    if (shown) drawWaveform(waveform, shown.take);
    spectrogram.draw(shown?.take ?? null);
  }

  function turnTo(wanted: Side): void {
    const heard = kept[wanted];
    if (!heard) return;
    side = wanted;
    prompt.textContent = heard.take.prompt;
    facts.replaceChildren(...factsOf(heard));
    for (const name of ['a', 'b'] as const) {
      buttons[name].disabled = !kept[name];
      buttons[name].setAttribute('aria-pressed', String(name === side));
    }
    draw();
    onShow(heard);
  }

  for (const name of ['a', 'b'] as const) {
    buttons[name].addEventListener('click', () => {
      turnTo(name);
      const heard = kept[name];
      if (heard) onCompare(heard);
    });
  }
  new ResizeObserver(draw).observe(waveform);
  return {
    get shown() {
      return kept[side] ?? null;
    },
    show(heard) {
      const isSame = heard.take.soundKey === kept[side]?.take.soundKey;
      const next: Side = isSame ? side : side === 'a' ? 'b' : 'a';
      kept[next] = heard;
      turnTo(next);
    },
  };
}

function factsOf({ take, source, latencyMs, sound }: Heard): HTMLElement[] {
  const seconds = take.pcm.length / take.sampleRate;
  const pairs: [name: string, value: string, className?: string][] = [
    ['Sound', sound ?? 'by hand'],
    ['Source', source, source],
    ['Latency', millisecondsInWords(latencyMs)],
    ['Seed', String(take.seed)],
    ['Length', `${seconds.toFixed(2)} s`],
  ];
  return pairs.map(([name, value, className = '']) => {
    const pair = document.createElement('div');
    const term = document.createElement('dt');
    const detail = document.createElement('dd');
    term.textContent = name;
    detail.textContent = value;
    detail.className = className;
    pair.append(term, detail);
    return pair;
  });
}
