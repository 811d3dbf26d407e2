/** On small screens the panel is a sheet over the scene: its handle pulls it up, Escape puts it down. */
import { element } from './element.ts';

export function createSheet(): void {
  const handle = element('sheet-handle', HTMLButtonElement);
  const panel = element('panel', HTMLElement);

  function setOpen(open: boolean): void {
    handle.setAttribute('aria-expanded', String(open));
    handle.textContent = open ? 'Close panel' : 'Panel';
    document.documentElement.dataset.sheet = open ? 'open' : 'closed';
  }

  setOpen(false);
  handle.addEventListener('click', () => setOpen(handle.ariaExpanded !== 'true'));
  panel.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || handle.ariaExpanded !== 'true') return;
    setOpen(false);
    handle.focus();
  });
}
