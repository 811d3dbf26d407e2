/** Work that is done a few times a second while an element can be seen: in its page, not hidden, not scrolled away. */

export const REFRESH_MS = 250;

/** @returns ends it. @throws TypeError for a document without a window. */
export function whileSeen(element: HTMLElement, page: Document, work: () => void): () => void {
  const view = page.defaultView;
  if (view === null) {
    throw new TypeError('panel: the document has no window. Give the one that is shown.');
  }
  let timer: number | undefined;

  function turn(seen: boolean): void {
    if (!seen) stop();
    else if (timer === undefined) start();
  }

  function start(): void {
    work();
    timer = view?.setInterval(() => {
      if (page.visibilityState !== 'hidden') work();
    }, REFRESH_MS);
  }

  function stop(): void {
    view?.clearInterval(timer);
    timer = undefined;
  }

  const observer = new view.IntersectionObserver((entries) => {
    turn(entries.at(-1)?.isIntersecting ?? false);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    stop();
  };
}
