/** Tabs as the ARIA pattern has them: one of them is reached by Tab, the arrows go from one to the next. */
import { element } from './element.ts';

export function createTabs(id: string): void {
  const tabs = [...element(id, HTMLDivElement).querySelectorAll<HTMLButtonElement>('[role=tab]')];

  function select(chosen: HTMLButtonElement): void {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel) panel.hidden = !isChosen;
    }
  }

  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', ({ key }) => {
      const way = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      const next = tabs[(i + way + tabs.length) % tabs.length];
      if (way === 0 || !next) return;
      select(next);
      next.focus();
    });
  }
  const [first] = tabs;
  if (first) select(first);
}
