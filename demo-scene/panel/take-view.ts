/** The selected sound: what was asked, what came, from where, how fast; its waveform and its spectrogram. */
import type { Take } from '../../runtime/contract.ts';
import { latencyInWords } from '../words.ts';
import { element } from './element.ts';
import { createSpectrogramView } from './spectrogram-view.ts';
import { drawWaveform } from './waveform-view.ts';

/** A take and how it came to be heard. */
export interface Heard {
  take: Take;
  source: 'generated' | 'cache';
  latencyMs: number;
}

export interface TakeView {
  show(heard: Heard): void;
  /** What is shown now. */
  readonly shown: Heard | null;
}

export function createTakeView(): TakeView {
  const prompt = element('take-prompt', HTMLParagraphElement);
  const facts = element('facts', HTMLDListElement);
  const waveform = element('waveform', HTMLCanvasElement);
  const spectrogram = createSpectrogramView(element('spectrogram', HTMLCanvasElement));
  let shown: Heard | null = null;

  function draw(): void {
    if (shown) drawWaveform(waveform, shown.take);
    spectrogram.draw(shown?.take ?? null);
  }

  new ResizeObserver(draw).observe(waveform);
  return {
    get shown() {
      return shown;
    },
    show(heard) {
      const isNew = heard.take.soundKey !== shown?.take.soundKey;
      shown = heard;
      prompt.textContent = heard.take.prompt;
      facts.replaceChildren(...factsOf(heard));
      if (isNew) draw();
    },
  };
}

function factsOf({ take, source, latencyMs }: Heard): HTMLElement[] {
  const seconds = take.pcm.length / take.sampleRate;
  const pairs: [name: string, value: string, className?: string][] = [
    ['Source', source, source],
    ['Latency', latencyInWords(latencyMs)],
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
