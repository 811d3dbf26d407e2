/** Lines at the foot of the panel: what runs where, how soon the first sound was heard, where choices are kept. */
import type { Progress, RuntimeInfo } from '../../runtime/contract.ts';
import { progressInWords } from '../words.ts';
import { element } from './element.ts';

export function showEngine(info: RuntimeInfo): void {
  const { model, device, deviceReason, numThreads, storage, licence, notes } = info;
  const threads = `${numThreads} thread${numThreads === 1 ? '' : 's'}`;
  const where = storage === 'indexeddb' ? 'kept in IndexedDB' : 'kept in memory';
  const how = device === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads}`;
  const words = `${model} · ${how} · ${where} · ${licence}`;
  element('engine', HTMLParagraphElement).textContent = [words, deviceReason, ...notes].join(' · ');
}

/** Where the engine will be told once it is there. */
export function showModelProgress(progress: Progress): void {
  const words = progressInWords(progress);
  const line = element('engine', HTMLParagraphElement);
  if (line.textContent !== words) line.textContent = words;
}

/** @param hasModel it waited for the model; else it came out of a pack */
export function showFirstSound(ms: number, hasModel: boolean): void {
  const line = element('first-sound', HTMLParagraphElement);
  const how = hasModel ? 'model included' : 'out of a pack, before the model';
  line.textContent = `First sound ${(ms / 1000).toFixed(2)} s after the click, ${how}.`;
}

export function showWhereChoicesGo(isWritable: boolean): void {
  element('dev-note', HTMLParagraphElement).textContent = isWritable
    ? 'Locked and banned takes are written into demo-scene/sounds.yaml; what you save there is heard at once.'
    : 'Locked and banned takes last as long as this page: run npm start to keep them in sounds.yaml.';
}
