/** The page's end: the newest pack takes the old one's place, and what the old one has begun it ends. */
import { expect, test } from 'vitest';
import { connectSounds } from '../../../bake/rollup/dev-client.ts';
import type { ServedSounds } from '../../../bake/rollup/dev-contract.ts';
import type { Take } from '../../../runtime/contract.ts';
import type { Player } from '../../../runtime/player.ts';

const served = (version: number): ServedSounds => ({
  version,
  baked: `/pack?v=${version}`,
  sounds: `/sounds?v=${version}`,
  model: '/model/',
  live: false,
});

/** Players whose takes wait, and a server that says what it is told to. */
function stage() {
  const disposed: string[] = [];
  const waiting: (() => void)[] = [];
  const broken = new Set<string>();
  let tell = (_next: ServedSounds) => {};
  const said: object[] = [];
  const openPlayer = ({ packs }: { packs: string }): Player => ({
    load: async () => {
      if (broken.has(packs)) throw new Error('HTTP 500');
      return { sampleRate: 32_000, packs: [], failed: [] };
    },
    has: ({ prompt }) => prompt === packs,
    sounds: [],
    take: ({ prompt }) => new Promise((resolve) => waiting.push(() => resolve({ prompt } as Take))),
    dispose: async () => void disposed.push(packs),
  });
  const hot = {
    on: (_event: string, listener: (data: ServedSounds) => void) => {
      tell = listener;
    },
    send: (event: string, data: object) => said.push({ event, ...data }),
  };
  const connected = connectSounds(served(1), hot, openPlayer);
  const heard: string[] = [];
  connected.onSounds(({ sounds }) => heard.push(sounds));
  return {
    ...connected,
    disposed,
    waiting,
    broken,
    said,
    heard,
    tell: (n: number) => tell(served(n)),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('it says which version it has, and takes the next one', async () => {
  const { options, said, heard, disposed, tell } = stage();
  expect(said).toEqual([{ event: 'scenefoley:hello', version: 1 }]);
  const { baked } = options;
  expect(baked.has({ prompt: '/pack?v=1' })).toBe(true);
  tell(2);
  await settled();
  expect(options.baked).toBe(baked);
  expect(baked.has({ prompt: '/pack?v=2' })).toBe(true);
  expect([heard, disposed]).toEqual([['/sounds?v=2'], ['/pack?v=1']]);
});

test('what is under way in the old player ends before it does', async () => {
  const { options, disposed, waiting, tell } = stage();
  const taking = options.baked.take({ prompt: 'a' });
  tell(2);
  await settled();
  expect(disposed).toEqual([]);
  waiting[0]?.();
  expect((await taking).prompt).toBe('a');
  await settled();
  expect(disposed).toEqual(['/pack?v=1']);
});

test('of several versions at once the newest stays; older ones and broken ones are nothing', async () => {
  const { options, heard, broken, disposed, tell } = stage();
  for (const version of [2, 3, 2, 1]) tell(version);
  await settled();
  expect(heard).toEqual(['/sounds?v=3']);
  broken.add('/pack?v=4');
  tell(4);
  await settled();
  expect(options.baked.has({ prompt: '/pack?v=3' })).toBe(true);
  expect(disposed.sort()).toEqual(['/pack?v=1', '/pack?v=2', '/pack?v=4']);
});

test('without hot reload the first pack is played', () => {
  const player = { has: () => true } as unknown as Player;
  const { options, onSounds } = connectSounds(served(1), undefined, () => player);
  expect(options.baked.has({ prompt: 'a' })).toBe(true);
  expect(onSounds(() => {})()).toBe(true);
});
