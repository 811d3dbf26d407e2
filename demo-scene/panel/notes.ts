/** Lines at the foot of the panel: what runs where, how soon the first sound was heard, where choices are kept. */
import type { RuntimeInfo } from '../../runtime/contract.ts';
import { element } from './element.ts';

export function showEngine(info: RuntimeInfo): void {
  const { model, device, deviceReason, numThreads, storage, licence, notes } = info;
  const threads = `${numThreads} thread${numThreads === 1 ? '' : 's'}`;
  const where = storage === 'indexeddb' ? 'kept in IndexedDB' : 'kept in memory';
  const how = device === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads}`;
  const words = `${model} · ${how} · ${where} · ${licence}`;
  element('engine', HTMLParagraphElement).textContent = [words, deviceReason, ...notes].join(' · ');
}

export function showFirstSound(ms: number): void {
  const line = element('first-sound', HTMLParagraphElement);
  line.textContent = `First sound ${(ms / 1000).toFixed(2)} s after the click, model included.`;
}

export function showWhereChoicesGo(isWritable: boolean): void {
  element('dev-note', HTMLParagraphElement).textContent = isWritable
    ? 'Locked and banned takes are written into demo-scene/sounds.yaml; what you save there is heard at once.'
    : 'Locked and banned takes last as long as this page: run npm start to keep them in sounds.yaml.';
}
