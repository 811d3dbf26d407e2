/** Tabs as the ARIA pattern has them: one of them is reached by Tab, the arrows go from one to the next. */
import { element } from './element.ts';

export interface Tabs {
  /** By the id of its panel. */
  show(panel: string): void;
}

export function createTabs(id: string): Tabs {
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
  return {
    show: (panel) => {
      const tab = tabs.find((one) => one.getAttribute('aria-controls') === panel);
      if (tab) select(tab);
    },
  };
}
