/** The caption element in Chromium: what is seen, what a screen reader gets, under a strict policy. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cdp, page } from 'vitest/browser';
import { ANNOUNCE_EVERY_MS, REPEAT_AFTER_MS } from '../../plugin/captions/caption-announcer.ts';
import {
  type CaptionElement,
  type CaptionElementOptions,
  createCaptionElement,
} from '../../plugin/captions/caption-element.ts';
import type { Caption } from '../../plugin/captions.ts';

/** A foley that says what the test says. */
function createSource() {
  const listeners = new Set<(caption: Caption) => void>();
  return {
    listeners,
    onCaption(listener: (caption: Caption) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(fields: Partial<Caption>) {
      const label = fields.label ?? 'glass breaks';
      const facts = { count: 1, lasting: false, time: 0, height: null };
      const where = { direction: 'left', angle: -90, distance: 2, range: 'near' } as const;
      const caption: Caption = { kind: 'shown', id: 1, text: label, label, ...facts, ...where };
      for (const listener of listeners) listener({ ...caption, ...fields });
    },
  };
}

const made: CaptionElement[] = [];

function setUp(options: CaptionElementOptions = {}) {
  const source = createSource();
  const captions = createCaptionElement(source, options);
  made.push(captions);
  (options.document ?? document).body.append(captions.element);
  const root = captions.element.shadowRoot as ShadowRoot;
  const all = (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)];
  return {
    ...{ source, captions, root },
    lines: () => all('li').map((item) => item.innerText.replaceAll('\n', ' ')),
    item: () => root.querySelector('li') as HTMLElement,
    copy: () => root.querySelector('.copy')?.textContent,
    arrow: () => root.querySelector<SVGElement>('svg'),
  };
}

afterEach(() => {
  vi.useRealTimers();
  for (const captions of made.splice(0)) captions.dispose();
});

describe('what is seen', () => {
  test('lines come, change and go', () => {
    const { source, lines } = setUp();
    source.tell({ id: 1 });
    source.tell({ id: 2, label: 'rain', angle: null, direction: null, range: null });
    source.tell({ id: 1, kind: 'changed', text: 'glass breaks (×5)', height: 'above' });
    expect(lines()).toEqual(['glass breaks (×5) above, near', 'rain']);
    source.tell({ id: 1, kind: 'gone' });
    expect(lines()).toEqual(['rain']);
  });

  test('the arrow points to where it sounds; what is everywhere has none', () => {
    const { source, arrow } = setUp();
    source.tell({ angle: -90 });
    expect(getComputedStyle(arrow() as SVGElement).rotate).toBe('-90deg');
    source.tell({ kind: 'changed', angle: 45 });
    expect(getComputedStyle(arrow() as SVGElement).rotate).toBe('45deg');
    source.tell({ kind: 'changed', angle: null });
    expect(arrow()).toBeNull();
  });

  test('markup in a label is text', () => {
    const { source, lines, root } = setUp();
    source.tell({ label: '<img src=x onerror=alert(1)>', text: '<img src=x onerror=alert(1)>' });
    expect(lines()).toEqual(['<img src=x onerror=alert(1)> near']);
    expect(root.querySelector('img')).toBeNull();
  });

  test('a picture of it, for people', async () => {
    const { source, captions } = setUp({ words: true });
    captions.element.style.background = 'linear-gradient(90deg, #fff, #888)';
    source.tell({ id: 1, text: 'glass breaks (×5)' });
    source.tell({ id: 2, label: 'thunder', direction: 'behind right', angle: 140, range: 'far' });
    source.tell({ id: 3, label: 'rain', angle: null, direction: null, range: null });
    captions.element.dataset.testid = 'captions';
    const path = await page.getByTestId('captions').screenshot({ path: '../../dist/captions.png' });
    expect(path).toBeTruthy();
  });
});

describe('contrast and size', () => {
  /** Of the text over its background, over white: the worst that a scene can be. */
  function contrast(item: HTMLElement): number {
    const { color, backgroundColor } = getComputedStyle(item);
    const [text = [], box = []] = [color, backgroundColor].map((value) =>
      (value.match(/[\d.]+/g) ?? []).map(Number),
    );
    const [r = 0, g = 0, b = 0, alpha = 1] = box;
    const behind = [r, g, b].map((channel) => channel * alpha + 255 * (1 - alpha));
    const [light, dark] = [luminance(text), luminance(behind)].sort((a, b) => b - a);
    return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
  }

  /** WCAG 2: relative luminance. */
  function luminance(channels: number[]): number {
    const [r = 0, g = 0, b = 0] = channels.map((channel) => {
      const c = channel / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  test.each([
    ['dim', 7],
    ['solid', 20],
  ] as const)('on a white scene with the background %s: at least %i to 1', (background, least) => {
    const { source, item } = setUp({ background });
    source.tell({});
    expect(contrast(item())).toBeGreaterThanOrEqual(least);
  });

  test('without a background the text has an outline, and the measure tells', () => {
    const { source, item } = setUp({ background: 'none' });
    source.tell({});
    expect(contrast(item())).toBeLessThan(1.1);
    expect(getComputedStyle(item()).textShadow).not.toBe('none');
  });

  test('sizes are 0.75, 1, 1.4 and 2 times at least 18 px, and change at once', () => {
    const { source, captions, item } = setUp();
    source.tell({});
    const size = () => Number.parseFloat(getComputedStyle(item()).fontSize);
    const medium = size();
    expect(medium).toBeGreaterThanOrEqual(18);
    for (const [name, times] of [
      ['small', 0.75],
      ['large', 1.4],
      ['huge', 2],
    ] as const) {
      captions.set({ size: name });
      expect(size() / medium).toBeCloseTo(times, 2);
    }
    expect(captions.settings).toEqual({ on: true, size: 'huge', background: 'dim', words: false });
  });

  test('who wants less motion gets none', async () => {
    const { source, item } = setUp();
    const session = cdp() as unknown as { send(method: string, params: object): Promise<unknown> };
    const features = [{ name: 'prefers-reduced-motion', value: 'reduce' }];
    source.tell({});
    expect(getComputedStyle(item()).animationName).toBe('appear');
    await session.send('Emulation.setEmulatedMedia', { features });
    expect(getComputedStyle(item()).animationName).toBe('none');
    await session.send('Emulation.setEmulatedMedia', { features: [] });
  });
});

describe('what a screen reader gets', () => {
  test('the copy is polite and says all in words; the list is not said twice', async () => {
    const { source, captions } = setUp();
    source.tell({ text: 'glass breaks (×2)' });
    captions.element.id = 'captions-under-test';
    const tree = await accessibleText();
    expect(tree.filter((text) => text.includes('glass breaks'))).toEqual([
      'glass breaks (×2), left, near',
    ]);
    expect(await liveOf('glass breaks')).toBe('polite');
  });

  test('a flood is read as a few: once in three seconds the newest three', () => {
    vi.useFakeTimers();
    const { source, copy } = setUp();
    for (let id = 0; id < 50; id++)
      source.tell({ id, label: `sound ${id}`, angle: null, direction: null, range: null });
    expect(copy()).toBe('sound 0');
    vi.advanceTimersByTime(ANNOUNCE_EVERY_MS - 10);
    expect(copy()).toBe('sound 0');
    vi.advanceTimersByTime(20);
    expect(copy()).toBe('sound 47. sound 48. sound 49');
  });

  test('what flickers in and out of hearing is said once', () => {
    vi.useFakeTimers();
    const { source, copy } = setUp();
    const heard: (string | null | undefined)[] = [];
    for (let id = 0; id < 10; id++) {
      source.tell({ id, label: id === 5 ? 'door' : 'fire' });
      source.tell({ id, kind: 'changed', text: 'fire (×2)' });
      source.tell({ id, kind: 'gone' });
      vi.advanceTimersByTime(ANNOUNCE_EVERY_MS / 2);
      if (heard.at(-1) !== copy()) heard.push(copy());
    }
    expect(heard).toEqual(['fire, left, near', 'door, left, near']);
    vi.advanceTimersByTime(REPEAT_AFTER_MS);
    source.tell({ id: 99, label: 'fire' });
    expect(copy()).toBe('fire, left, near');
  });

  test('off: nothing is seen or said; on again, what sounds is there', () => {
    const { source, captions, lines, copy } = setUp({ on: false });
    source.tell({});
    expect([captions.element.checkVisibility(), copy()]).toEqual([false, '']);
    captions.set({ on: true });
    expect([captions.element.checkVisibility(), lines()]).toEqual([true, ['glass breaks near']]);
  });
});

test('a policy that allows no style and no script of the page is not touched', async () => {
  const strange = document.createElement('iframe');
  const policy = "default-src 'none'; require-trusted-types-for 'script'";
  strange.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><body></body>`;
  document.body.append(strange);
  await new Promise((resolve) => strange.addEventListener('load', resolve, { once: true }));
  const inside = strange.contentDocument as Document;
  const breaches: string[] = [];
  inside.addEventListener('securitypolicyviolation', (event) => {
    breaches.push((event as SecurityPolicyViolationEvent).violatedDirective);
  });
  const { source, item, arrow } = setUp({ document: inside, size: 'huge' });
  source.tell({});
  const style = inside.defaultView?.getComputedStyle(item());
  expect(style?.backgroundColor).toBe('rgba(0, 0, 0, 0.75)');
  expect(inside.defaultView?.getComputedStyle(arrow() as SVGElement).rotate).toBe('-90deg');
  const probe = inside.createElement('p');
  inside.body.append(probe);
  probe.setAttribute('style', 'color: red');
  await vi.waitFor(() => expect(breaches).toEqual(['style-src-attr'])); // only the probe’s
  strange.remove();
});

test('dispose leaves nothing; twice is fine', () => {
  const { source, captions } = setUp();
  source.tell({});
  captions.dispose();
  captions.dispose();
  expect([captions.element.isConnected, source.listeners.size]).toEqual([false, 0]);
});

test.each([{ size: 'giant' }, { background: 'red' }])('%o is refused', (options) => {
  expect(() => setUp(options as unknown as CaptionElementOptions)).toThrow(RangeError);
});

interface AccessibleNode {
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  backendDOMNodeId?: number;
  properties?: { name: string; value: { value: unknown } }[];
}

async function accessibleNodes(): Promise<AccessibleNode[]> {
  const session = cdp() as unknown as { send(method: string, params?: object): Promise<unknown> };
  await session.send('Accessibility.enable');
  const frames = (await session.send('Page.getFrameTree')) as { frameTree: FrameTree };
  const ids = frameIds(frames.frameTree);
  const trees = await Promise.all(
    ids.map((frameId) => session.send('Accessibility.getFullAXTree', { frameId })),
  );
  return trees.flatMap((tree) => (tree as { nodes: AccessibleNode[] }).nodes);
}

interface FrameTree {
  frame: { id: string };
  childFrames?: FrameTree[];
}

function frameIds({ frame, childFrames = [] }: FrameTree): string[] {
  return [frame.id, ...childFrames.flatMap(frameIds)];
}

/** Every text that assistive technology finds. */
async function accessibleText(): Promise<string[]> {
  const nodes = await accessibleNodes();
  return nodes
    .filter(({ ignored, role }) => !ignored && role?.value === 'StaticText')
    .map(({ name }) => name?.value ?? '');
}

async function liveOf(text: string): Promise<unknown> {
  const nodes = await accessibleNodes();
  const found = nodes.find(
    ({ name, role }) => role?.value === 'StaticText' && name?.value.includes(text),
  );
  const live = nodes
    .flatMap(({ properties = [] }) => properties)
    .find(({ name }) => name === 'live');
  return found && live?.value.value;
}
