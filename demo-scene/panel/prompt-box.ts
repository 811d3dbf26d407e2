/** The prompt box: words, duration, seed, guidance in; Generate (or Stop), Play, Save WAV out. */

import { errorInWords } from '../../plugin/panel/words.ts';
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { isAbort } from '../words.ts';
import { element, showBar, showText } from './element.ts';

const IDEAS = [
  'heavy wooden door slams in a stone hall',
  'glass smashes into shards',
  'a huge explosion in a cave',
  'a big bronze bell tolls',
  'footsteps crunching on gravel',
  'fast laser shot',
  'coins jingle',
  'a truck engine idles',
  'a drip of water in a cavern',
  'sword swing, close',
];

export interface PromptBoxOptions {
  /** Makes the sound; the signal is aborted by Stop. `onProgress` takes a part in [0, 1]. */
  generate(
    request: SoundRequestInput,
    signal: AbortSignal,
    onProgress: (part: number) => void,
  ): Promise<void>;
  play(): void;
  save(): void;
}

export interface PromptBox {
  /** The model is there: sounds can be generated. */
  setReady(): void;
  setSeed(seed: number): void;
  /** There is a sound to play and to save. */
  setSelected(): void;
}

export function createPromptBox(options: PromptBoxOptions): PromptBox {
  const form = element('prompt-form', HTMLFormElement);
  const generate = element('generate', HTMLButtonElement);
  const bar = element('generate-bar', HTMLDivElement);
  const problem = element('prompt-error', HTMLParagraphElement);
  const [play, save] = ['play', 'save'].map((id) => element(id, HTMLButtonElement));
  let running: AbortController | null = null;
  fillIdeas();
  generate.disabled = true;

  async function start(): Promise<void> {
    const request = readRequest(form);
    const controller = new AbortController();
    running = controller;
    generate.textContent = 'Stop';
    showText(problem, '');
    showBar(bar, 0);
    try {
      await options.generate(request, controller.signal, (part) => showBar(bar, part));
    } catch (error) {
      if (!isAbort(error)) showText(problem, errorInWords(error));
    } finally {
      running = null;
      generate.textContent = 'Generate';
      showBar(bar, null);
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) return running.abort();
    if (form.reportValidity()) void start();
  });
  submitOnEnter(form);
  play?.addEventListener('click', options.play);
  save?.addEventListener('click', options.save);
  return {
    setReady() {
      generate.disabled = false;
    },
    setSeed(seed) {
      element('seed', HTMLInputElement).value = String(seed);
    },
    setSelected() {
      for (const button of [play, save]) button?.removeAttribute('disabled');
    },
  };
}

function readRequest(form: HTMLFormElement): SoundRequestInput {
  const data = new FormData(form);
  return {
    prompt: String(data.get('prompt')).trim(),
    duration: Number(data.get('duration')),
    seed: Number(data.get('seed')),
    guidanceScale: Number(data.get('guidance')),
    priority: 10,
  };
}

function fillIdeas(): void {
  const prompt = element('prompt', HTMLTextAreaElement);
  const buttons = IDEAS.map((idea) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'idea';
    button.textContent = idea;
    button.addEventListener('click', () => {
      prompt.value = idea;
    });
    return button;
  });
  element('ideas', HTMLFieldSetElement).replaceChildren(...buttons);
}

/** Enter generates, Shift+Enter makes a new line. */
function submitOnEnter(form: HTMLFormElement): void {
  element('prompt', HTMLTextAreaElement).addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
