/**
 * Audio starts with the first gesture: browsers keep a context suspended until the visitor has touched the page.
 *
 * 'pointerup' and 'keydown' count as gestures in every browser; 'click' alone misses keyboards and gamepads' pages.
 */
const GESTURES = ['pointerup', 'keydown'] as const;

/**
 * Calls `unlock` in each gesture until the audio runs. Without a document, as in Node, it does nothing.
 * @returns takes the listeners back; calling it twice is fine.
 */
export function unlockOnGesture(isRunning: () => boolean, unlock: () => Promise<void>): () => void {
  if (typeof document === 'undefined' || isRunning()) return () => {};
  const stop = () => {
    for (const gesture of GESTURES) document.removeEventListener(gesture, onGesture, true);
  };
  const onGesture = () => {
    // A refusal is no error: the next gesture tries again.
    unlock().then(stop, () => {});
  };
  for (const gesture of GESTURES) document.addEventListener(gesture, onGesture, true);
  return stop;
}
