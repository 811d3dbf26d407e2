/** The sound designer's panel in Chromium: what it shows of a foley, and what it does to it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent } from '../../plugin/foley.ts';
import { MAX_ENTRIES } from '../../plugin/panel/journal.ts';
import {
  createFoleyPanel,
  type FoleyPanel,
  type FoleyPanelOptions,
  type PanelFoley,
} from '../../plugin/panel/panel.ts';
import { REFRESH_MS } from '../../plugin/panel/while-seen.ts';
import type { TakeChoice } from '../../plugin/sound-definition.ts';
import { binding, named } from '../plugin/events.ts';
import {
  createFakeRuntime,
  type FakeRuntimeOptions,
  gateway,
  pulseHeight,
} from '../plugin/fake-runtime.ts';
import { offlineContext, pulsesOf } from '../plugin/offline.ts';
import { sound, soundMap } from '../plugin/sound-maps.ts';

const hit = sound('hit', { prompt: '{a.material} hit', on: [binding({ a: named('crate') })] });
const knock = sound('knock', {
  variations: 3,
  on: [binding({ kind: 'event', name: 'knock' })],
});

const gone: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of gone.splice(0)) await end();
});

async function makeFoley(fake: FakeRuntimeOptions = {}, sounds = [hit, knock]) {
  const runtime = createFakeRuntime(fake);
  const adapter = createNullAdapter();
  adapter.addNode({ x: 1, y: 2, z: 3 }, { id: 'crate', name: 'crate', material: 'wood' });
  const options = { model: '/m/', runtime, sounds: soundMap(...sounds), stream: false };
  const foley = await createFoleyWith(adapter, options);
  gone.push(foley.dispose);
  return { foley, runtime };
}

function show(foley: PanelFoley, options: FoleyPanelOptions = {}) {
  const panel = createFoleyPanel(foley, options);
  gone.push(panel.dispose);
  (options.document ?? document).body.append(panel.element);
  return { panel, ...reader(panel) };
}

function reader({ element }: FoleyPanel) {
  const root = element.shadowRoot as ShadowRoot;
  const all = <T extends HTMLElement>(selector: string) => [...root.querySelectorAll<T>(selector)];
  const listOf = (title: string) =>
    all('details').find((one) => one.innerText.startsWith(`${title} (`));
  const rowsOf = (title: string) => [...(listOf(title)?.querySelectorAll('li') ?? [])];
  const words = (row: Element) => [...row.querySelectorAll('span')].map((one) => one.textContent);
  return {
    root,
    rows: (title: string) => rowsOf(title).map((row) => words(row).slice(0, 2).join(': ')),
    events: () => rowsOf('Events').map((row) => words(row).slice(1, 3).join(': ')),
    figure: (name: string) =>
      all('dt').find((term) => term.textContent === name)?.nextElementSibling?.textContent,
    click(text: string, index = 0) {
      const seen = all('button').filter((one) => one.checkVisibility() && one.innerText === text);
      const button = seen[index];
      if (button === undefined) throw new Error(`panel: no button "${text}" with index ${index}.`);
      button.click();
    },
    field: (name: string) => root.querySelector(`input[name=${name}]`) as HTMLInputElement,
    note: () => root.querySelector('form p')?.textContent ?? '',
    problem: () => root.querySelector('.problem')?.textContent ?? '',
  };
}

/** Plays take after take of the knock. @returns the seeds that were heard. */
async function knocks(foley: Awaited<ReturnType<typeof makeFoley>>['foley'], times: number) {
  await foley.ready();
  const seeds: number[] = [];
  const stop = foley.onEvent(({ kind, seed }) => void (kind === 'played' && seeds.push(seed)));
  for (let i = 1; i <= times; i++) {
    foley.trigger('knock');
    await vi.waitFor(() => expect(seeds).toHaveLength(i));
  }
  stop();
  return seeds;
}

describe('what is shown', () => {
  test('emitters with their states, the queue and the figures, as they change', async () => {
    const { open, opened } = gateway();
    const { foley } = await makeFoley({ gate: () => opened });
    const { rows, figure } = show(foley);
    await expect.poll(() => rows('Emitters')).toEqual(['crate · hit: queued']);
    await expect.poll(() => rows('Queue')).toContain('wood hit · 0: queued');
    expect(rows('Sounds')).toEqual(['hit: ', 'knock: ']);
    open();
    await expect.poll(() => rows('Emitters')).toEqual(['crate · hit: ready']);
    await expect.poll(() => rows('Queue')).toEqual([]);
    const { cache, prefetch } = foley.inspect();
    expect(prefetch.total).toBeGreaterThan(0);
    await expect.poll(() => figure('Ahead')).toBe(`${prefetch.total}/${prefetch.total}`);
    expect(figure('Takes')).toBe(String(cache.takes));
  });

  test('events newest first, with rung, source, latency, prompt and seed', async () => {
    const { foley } = await makeFoley();
    const { events } = show(foley);
    const [first, second] = await knocks(foley, 2);
    const played = () => events().filter((words) => !words.startsWith('made'));
    await expect.poll(() => played().length).toBe(2);
    expect(played()[0]).toMatch(new RegExp(`^\\w+ · \\w+ · [\\d.]+ ms: knock · ${second}$`));
    expect(played()[1]).toMatch(new RegExp(`^\\w+ · \\w+ · [\\d.]+ ms: knock · ${first}$`));
    expect(events().some((words) => words.startsWith('made · generated · '))).toBe(true);
  });

  test('of a flood the newest events stay, and the focus where it was', async () => {
    const tell = new Set<(event: FoleyEvent) => void>();
    const { foley } = await makeFoley();
    const flooded: PanelFoley = Object.create(foley, {
      onEvent: {
        value: (listener: (event: FoleyEvent) => void) => tell.add(listener) && (() => {}),
      },
    });
    const { root, events } = show(flooded);
    const send = (seed: number) => {
      for (const listener of tell) listener(eventOf(seed));
    };
    send(0);
    await expect.poll(events).toEqual(['exact · memory · 1.0 ms: knock · 0']);
    const [, button] = root.querySelectorAll<HTMLElement>('details:last-of-type li button');
    button?.focus();
    for (let seed = 1; seed < 20; seed++) send(seed);
    await expect.poll(() => events().length).toBe(20);
    expect(root.activeElement).toBe(button);
    for (let seed = 20; seed < 1000; seed++) send(seed);
    await expect.poll(() => events()[0]).toBe('exact · memory · 1.0 ms: knock · 999');
    expect(events()).toHaveLength(MAX_ENTRIES);
  });

  test('markup in a name is text', async () => {
    const evil = sound('<img src=x>', { prompt: '<img src=x onerror=alert(1)>' });
    const { foley } = await makeFoley({}, [evil]);
    const { root, rows } = show(foley);
    await expect.poll(() => rows('Sounds')).toEqual(['<img src=x>: ']);
    expect(root.querySelector('img')).toBeNull();
  });

  test('it looks only while it can be seen', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { foley } = await makeFoley();
    const inspect = vi.fn(foley.inspect);
    const { panel } = show(Object.create(foley, { inspect: { value: inspect } }));
    await vi.waitFor(() => expect(inspect.mock.calls.length).toBeGreaterThan(2));
    panel.element.style.display = 'none';
    await observed(panel.element);
    const before = inspect.mock.calls.length;
    vi.advanceTimersByTime(20 * REFRESH_MS);
    expect(inspect).toHaveBeenCalledTimes(before);
    panel.element.style.display = '';
    await observed(panel.element);
    vi.advanceTimersByTime(2 * REFRESH_MS);
    expect(inspect.mock.calls.length).toBeGreaterThanOrEqual(before + 2);
  });
});

describe('what it does', () => {
  test('a locked take is the only one that plays; unlocked, the others do too', async () => {
    const { foley } = await makeFoley();
    const chosen: [string, TakeChoice][] = [];
    const { click, rows, events } = show(foley, {
      onChoice: (sound, takes) => chosen.push([sound, takes]),
    });
    const [seed = NaN] = await knocks(foley, 1);
    await expect.poll(() => events().length).toBeGreaterThan(0);
    click('Lock');
    expect(new Set(await knocks(foley, 4))).toEqual(new Set([seed]));
    await expect.poll(() => rows('Sounds')).toContain(`knock: locked to ${seed}`);
    click('Unlock');
    const both = async () => new Set(await knocks(foley, 2)).size;
    await expect.poll(both, { timeout: 10_000 }).toBe(2); // once another take is made
    expect(chosen).toEqual([
      ['knock', { lock: seed, ban: [] }],
      ['knock', { lock: null, ban: [] }],
    ]);
  });

  test('a banned take never plays again', async () => {
    const { foley } = await makeFoley();
    const { click, rows, events } = show(foley);
    const [seed = NaN] = await knocks(foley, 1);
    await expect.poll(() => events().length).toBeGreaterThan(0);
    click('Ban');
    expect(await knocks(foley, 8)).not.toContain(seed);
    await expect.poll(() => rows('Sounds')).toContain('knock: 1 banned');
  });

  test('a foley that is gone meanwhile is no error', async () => {
    const { foley } = await makeFoley();
    const inspect = vi.fn(foley.inspect);
    const { problem } = show(Object.create(foley, { inspect: { value: inspect } }));
    await expect.poll(() => inspect.mock.calls.length).toBeGreaterThan(0);
    await foley.dispose();
    inspect.mockClear();
    await expect.poll(() => inspect.mock.calls.length, { timeout: 3000 }).toBeGreaterThan(0);
    expect(problem()).toBe('');
  });

  test('a choice that is refused is told', async () => {
    const { foley } = await makeFoley();
    const { click, events, problem } = show(foley);
    await knocks(foley, 1);
    await expect.poll(() => events().length).toBeGreaterThan(0);
    await foley.setSounds(soundMap(hit));
    click('Ban');
    expect(problem()).toContain('there is no sound "knock"');
  });

  test('a sound plays by its name', async () => {
    const { foley } = await makeFoley();
    const { click, rows, events } = show(foley);
    await expect.poll(() => rows('Sounds').length).toBe(2);
    click('Play', 1);
    await expect.poll(() => events().some((words) => words.includes('knock · '))).toBe(true);
    expect(foley.stats().played).toBe(1);
  });

  test('the take of a prompt is heard', async () => {
    const { foley } = await makeFoley();
    const context = offlineContext(0.5);
    const { field, click, note } = show(foley, { context });
    field('prompt').value = 'coins jingle';
    field('seed').value = '3';
    click('Audition');
    await expect.poll(note).toMatch(/^generated · /);
    expect(await heard(context)).toEqual([pulseHeight(3)]);
  });

  test('the take of an event is heard', async () => {
    const { foley } = await makeFoley();
    const context = offlineContext(0.5);
    const { click, events } = show(foley, { context });
    const [seed = NaN] = await knocks(foley, 1);
    await expect.poll(() => events().length).toBeGreaterThan(0);
    click(
      'Listen',
      events().findIndex((words) => words.endsWith(`knock · ${seed}`)),
    );
    expect(await heard(context)).toEqual([pulseHeight(seed)]);
  });

  test('what is being made for an audition is taken back by Stop, and by dispose', async () => {
    const { foley, runtime } = await makeFoley({ gate: () => new Promise(() => {}) }, []);
    const { panel, field, click } = show(foley);
    for (const [prompt, stop] of [
      ['a long bell', () => click('Stop')],
      ['a longer bell', panel.dispose],
    ] as const) {
      field('prompt').value = prompt;
      field('prompt').form?.requestSubmit();
      stop();
    }
    const prompts = runtime.aborted.map(({ prompt }) => prompt);
    expect(prompts).toEqual(expect.arrayContaining(['a long bell', 'a longer bell']));
  });
});

test('under a policy that allows no style and no script of the page nothing is refused', async () => {
  const strange = document.createElement('iframe');
  const policy = "default-src 'none'; require-trusted-types-for 'script'";
  strange.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy}"><body></body>`;
  document.body.append(strange);
  gone.push(() => strange.remove());
  await new Promise((resolve) => strange.addEventListener('load', resolve, { once: true }));
  const inside = strange.contentDocument as Document;
  const breaches: string[] = [];
  inside.addEventListener('securitypolicyviolation', (event) => {
    breaches.push((event as SecurityPolicyViolationEvent).violatedDirective);
  });
  const { foley } = await makeFoley();
  const { panel, rows } = show(foley, { document: inside });
  await expect.poll(() => rows('Sounds').length).toBe(2);
  expect(inside.defaultView?.getComputedStyle(panel.element).overflow).toBe('auto');
  inside.body.setAttribute('style', 'color: red');
  await vi.waitFor(() => expect(breaches).toEqual(['style-src-attr'])); // only the probe’s
});

test('dispose leaves nothing; twice is fine', async () => {
  const contexts: AudioContext[] = [];
  class Counted extends AudioContext {
    constructor() {
      super();
      contexts.push(this);
    }
  }
  vi.stubGlobal('AudioContext', Counted);
  gone.push(() => vi.unstubAllGlobals());
  const { foley } = await makeFoley();
  const listeners = new Set<unknown>();
  const onEvent: PanelFoley['onEvent'] = (listener) => {
    const stop = foley.onEvent(listener);
    listeners.add(listener);
    return () => {
      stop();
      listeners.delete(listener);
    };
  };
  const { panel, field, click, note } = show(Object.create(foley, { onEvent: { value: onEvent } }));
  field('prompt').value = 'coins jingle';
  click('Audition');
  await expect.poll(note).toMatch(/^generated · /);
  expect([listeners.size, contexts.length]).toEqual([1, 1]);
  panel.dispose();
  panel.dispose();
  expect([panel.element.isConnected, listeners.size]).toEqual([false, 0]);
  await expect.poll(() => contexts.map(({ state }) => state)).toEqual(['closed']);
});

function eventOf(seed: number): FoleyEvent {
  return {
    ...{ kind: 'played', time: 0, prompt: 'knock', seed, source: 'memory', rung: 'exact' },
    ...{ latencyMs: 1, sound: 'knock', event: 'event', point: null },
  } as FoleyEvent;
}

/** Heights of the pulses that a context renders. */
async function heard(context: OfflineAudioContext): Promise<number[]> {
  const buffer = await context.startRendering();
  return pulsesOf(buffer.getChannelData(0)).map(({ peak }) => peak);
}

/** Resolves when every observer has been told whether the element can be seen. */
function observed(element: Element): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(() => {
      observer.disconnect();
      setTimeout(resolve);
    });
    observer.observe(element);
  });
}
