/** What is being made and what waits for it, most urgent first; how far the scene's sounds are prepared. */
import { element, showBar } from './element.ts';

export interface Waiting {
  prompt: string;
  seed: number;
  /** 0 to 1; null: it has not begun. */
  progress: number | null;
}

const MAX_SHOWN = 12;

export function showQueue(waiting: readonly Waiting[]): void {
  element('queue-empty', HTMLParagraphElement).hidden = waiting.length > 0;
  const items = waiting.slice(0, MAX_SHOWN).map(({ prompt, seed, progress }) => {
    const item = document.createElement('li');
    item.className = 'queued';
    item.dataset.state = progress === null ? 'queued' : 'generating';
    const words = document.createElement('span');
    words.textContent = `${prompt} · ${seed}`;
    item.append(words);
    if (progress !== null) item.append(progressBar(progress, prompt));
    return item;
  });
  const more = waiting.length - items.length;
  if (more > 0) {
    const item = document.createElement('li');
    item.className = 'quiet';
    item.textContent = `and ${more} more`;
    items.push(item);
  }
  element('queue', HTMLUListElement).replaceChildren(...items);
}

/** @param done of the sounds that this scene can need. */
export function showPrepared(done: number, total: number): void {
  const words = element('prepared', HTMLParagraphElement);
  words.textContent = total === 0 ? '' : `${done} of ${total} sounds of the scene are ready.`;
  showBar(element('prepared-bar', HTMLDivElement), total === 0 ? null : done / total);
}

function progressBar(progress: number, prompt: string): HTMLProgressElement {
  const bar = document.createElement('progress');
  bar.max = 1;
  bar.value = progress;
  bar.ariaLabel = prompt;
  return bar;
}
