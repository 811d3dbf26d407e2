/**
 * A prompt, made and heard:
 *
 *   words, seconds, seed ──▶ runtime.generate ──▶ take ──▶ player
 *
 * The same request in the game gives the same take. One at a time; the button stops what it began.
 */
import type { RuntimeClient } from '../../runtime/client.ts';
import type { Progress, SoundRequestInput, Take } from '../../runtime/contract.ts';
import { buttonOf, type ElementMaker, setText } from './elements.ts';
import { errorInWords, millisecondsInWords } from './words.ts';

/** Someone waits: before all that the game wants. */
const PRIORITY = 10;
const MAX_PROMPT = 256;

export interface AuditionOptions {
  make: ElementMaker;
  runtime: Pick<RuntimeClient, 'generate'>;
  listen: (take: Take) => void;
}

export interface Audition {
  readonly element: HTMLElement;
  /** Takes back what is being made. */
  dispose(): void;
}

export function createAudition({ make, runtime, listen }: AuditionOptions): Audition {
  const fields = createFields(make);
  const act = make('button', { text: 'Audition' });
  const note = make('p', { className: 'quiet' });
  note.role = 'status';
  const again = buttonOf(make, 'Again', () => last !== undefined && listen(last));
  again.hidden = true;
  const acts = make('span', { className: 'acts' }, act, again);
  const element = make('form', {}, ...fields.labels, acts, note);
  let running: AbortController | undefined;
  let last: Take | undefined;

  async function generate(controller: AbortController): Promise<void> {
    const { signal } = controller;
    const onProgress = (progress: Progress) => signal.aborted || showProgress(progress);
    try {
      const take = await runtime.generate(fields.read(), { signal, onProgress });
      if (signal.aborted) return;
      last = take;
      again.hidden = false;
      setText(note, `${take.source} · ${millisecondsInWords(take.timings.totalMs)}`);
      listen(take);
    } catch (error) {
      if (!signal.aborted) setText(note, errorInWords(error));
    } finally {
      if (running === controller) end();
    }
  }

  function end(): void {
    running?.abort(); // of what is done: nothing
    running = undefined;
    setText(act, 'Audition');
  }

  function stop(): void {
    end();
    setText(note, '');
  }

  function showProgress({ stage, done, total }: Progress): void {
    setText(note, total > 1 ? `${stage} ${Math.round((100 * done) / total)} %` : stage);
  }

  element.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running !== undefined) return stop();
    running = new AbortController();
    setText(act, 'Stop');
    void generate(running);
  });
  return { element, dispose: end };
}

interface Fields {
  labels: HTMLElement[];
  read(): SoundRequestInput;
}

function createFields(make: ElementMaker): Fields {
  const prompt = make('input');
  Object.assign(prompt, { required: true, maxLength: MAX_PROMPT, name: 'prompt' });
  const duration = numberField(make, {
    name: 'duration',
    value: '2',
    min: '0.1',
    max: '10',
    step: '0.1',
  });
  const seed = numberField(make, {
    name: 'seed',
    value: '0',
    min: '0',
    max: '4294967295',
    step: '1',
  });
  return {
    labels: [
      labelOf(make, 'Prompt', prompt),
      labelOf(make, 'Seconds', duration),
      labelOf(make, 'Seed', seed),
    ],
    read: () => ({
      prompt: prompt.value.trim(),
      duration: duration.valueAsNumber,
      seed: seed.valueAsNumber,
      priority: PRIORITY,
    }),
  };
}

function numberField(
  make: ElementMaker,
  fields: { name: string; value: string; min: string; max: string; step: string },
): HTMLInputElement {
  return Object.assign(make('input'), { type: 'number', required: true, ...fields });
}

function labelOf(make: ElementMaker, text: string, input: HTMLElement): HTMLElement {
  return make('label', {}, make('span', { text }), input);
}
