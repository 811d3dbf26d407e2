/** The first thing seen: how much will be fetched, the gesture that unlocks the audio, the progress, what went wrong. */

import { errorInWords } from '../../plugin/panel/words.ts';
import type { Progress } from '../../runtime/contract.ts';
import { progressInWords, sizeInWords } from '../words.ts';
import { element, showBar, showText } from './element.ts';

export interface Overlay {
  /** Opens it; of the model nothing has been fetched but its size, and what plays baked sounds. */
  open(): void;
  close(): void;
  /** Before the model: bytes that a click will fetch. */
  showSize(bytes: number): void;
  showProgress(progress: Progress): void;
  /** Says what is wrong and offers another try. */
  showError(error: unknown): void;
  /** The button can be pressed. */
  setReady(): void;
}

export interface OverlayOptions {
  /** In the click itself: audio may be unlocked here. */
  onEnable: () => void;
  /** The button goes down: the click is near. */
  onPress: () => void;
  /** Closed without sound. */
  onSkip: () => void;
}

export function createOverlay({ onEnable, onPress, onSkip }: OverlayOptions): Overlay {
  const dialog = element('overlay', HTMLDialogElement);
  const enable = element('enable', HTMLButtonElement);
  const skip = element('skip', HTMLButtonElement);
  const bar = element('download-bar', HTMLDivElement);
  const status = element('overlay-status', HTMLParagraphElement);
  const problem = element('overlay-error', HTMLParagraphElement);
  enable.disabled = true;
  enable.addEventListener('click', () => {
    enable.disabled = true;
    enable.textContent = 'Opening your ears…';
    showText(problem, '');
    onEnable();
  });
  enable.addEventListener('pointerdown', onPress);
  skip.addEventListener('click', () => dialog.close('skip'));
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'done') onSkip();
  });
  return {
    open() {
      dialog.returnValue = '';
      dialog.showModal();
    },
    close: () => dialog.close('done'),
    setReady() {
      enable.disabled = false;
      enable.focus();
    },
    showSize(bytes) {
      status.textContent = `Fetches a model of ${sizeInWords(bytes)} once; your browser keeps it.`;
    },
    showProgress(progress) {
      showBar(bar, progress.total > 0 ? progress.done / progress.total : 0);
      status.textContent = progressInWords(progress);
    },
    showError(error) {
      showBar(bar, null);
      showText(problem, errorInWords(error));
      status.textContent = '';
      enable.disabled = false;
      enable.textContent = 'Try again';
    },
  };
}
