/** Elements of a panel: made, filled with text, changed only where they differ, so that focus and selection stay. */

export type ElementMaker = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  fields?: { className?: string; text?: string },
  ...children: Node[]
) => HTMLElementTagNameMap[Tag];

export function elementMaker(page: Document): ElementMaker {
  return (tag, { className = '', text = '' } = {}, ...children) => {
    const made = page.createElement(tag);
    if (className !== '') made.className = className;
    if (text !== '') made.textContent = text;
    made.append(...children);
    return made;
  };
}

export function buttonOf(make: ElementMaker, text: string, onClick: () => void): HTMLButtonElement {
  const button = make('button', { text });
  button.type = 'button';
  button.addEventListener('click', onClick);
  return button;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
