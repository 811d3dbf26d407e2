/** What is locked or banned in the panel goes into sounds.yaml, from this machine's own page alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { soundsFile, withChoice } from '../../scripts/sounds-file.mjs';

const TEXT = `# mine
sounds:
  step: # quick
    prompt: a step
    takes: { ban: [4] }

  hit:
    prompt: a hit # hard
`;

let folder: string;
let file: string;
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sounds-'));
  file = join(folder, 'sounds.yaml');
  writeFileSync(join(folder, 'index.html'), 'page');
  const server = await preview({
    configFile: false,
    root: folder,
    build: { outDir: folder },
    plugins: [soundsFile({ file, writable: true })],
    preview: { host: '127.0.0.1', port: 5391 },
  });
  const address = server.httpServer.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  close = () => server.close();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  writeFileSync(file, TEXT);
  return fetch(`${url}/sounds.yaml`, {
    method: 'POST',
    headers: { Origin: url, 'X-Sounds': 'write', ...headers },
    body: JSON.stringify(body),
  });
}

test('one line changes, whatever the others look like', () => {
  const lines = (text: string) => text.split('\n');
  const locked = withChoice(TEXT, { sound: 'hit', lock: 7 });
  expect(lines(locked).filter((line) => !lines(TEXT).includes(line))).toEqual([
    '    takes: { lock: 7 }',
  ]);
  const banned = withChoice(TEXT, { sound: 'step', ban: 9 });
  expect(lines(banned).filter((line) => !lines(TEXT).includes(line))).toEqual([
    '    takes: { ban: [4, 9] }',
  ]);
  const flow = 'sounds: { hit: { prompt: a hit, volume: 2 } }';
  expect(withChoice(flow, { sound: 'hit', ban: 1 })).toBe(
    'sounds: { hit: { prompt: a hit, takes: { ban: [1] }, volume: 2 } }',
  );
  const last = 'sounds:\n  hit:\n    prompt: |\n      a hit';
  expect(withChoice(last, { sound: 'hit', lock: 0 })).toBe(`${last}\n    takes: { lock: 0 }\n`);
});

test('a seed is locked, unlocked and banned; comments and everything else stay', async () => {
  const locked = withChoice(TEXT, { sound: 'hit', lock: 7 });
  expect((await parseSoundMap(locked)).sounds.get('hit')?.takes).toEqual({ lock: 7, ban: [] });
  expect(locked).toContain('# mine');
  expect(locked).toContain('a hit # hard');
  const free = withChoice(locked, { sound: 'hit', lock: null });
  expect((await parseSoundMap(free)).sounds.get('hit')?.takes.lock).toBe(null);
  const banned = withChoice(withChoice(TEXT, { sound: 'step', ban: 9 }), { sound: 'step', ban: 9 });
  expect((await parseSoundMap(banned)).sounds.get('step')?.takes.ban).toEqual([4, 9]);
});

test.each([
  [{ sound: 'no', lock: 1 }, /no sound "no"/],
  [{ sound: '__proto__', lock: 1 }, /no sound/],
  [{ sound: 'hit' }, /seed from 0/],
  [{ sound: 'hit', lock: -1 }, /seed from 0/],
  [{ sound: 'hit', ban: 2 ** 32 }, /seed from 0/],
  [{ sound: 'hit', ban: '1' as unknown as number }, /seed from 0/],
])('%j is refused in words', (choice, words) => {
  expect(() => withChoice(TEXT, choice)).toThrow(words);
});

test('the page writes, and reads what it wrote', async () => {
  expect((await post({ sound: 'hit', lock: 3 })).status).toBe(204);
  expect(readFileSync(file, 'utf8')).toMatch(/lock: 3/);
  const read = await fetch(`${url}/sounds.yaml`);
  expect(read.headers.get('X-Sounds')).toBe('writable');
  expect(await read.text()).toMatch(/lock: 3/);
});

test.each([
  ['another origin', { Origin: 'http://elsewhere.example' }],
  ['no header', { 'X-Sounds': '' }],
  ['another method', {}],
])('%s does not write', async (why, headers) => {
  writeFileSync(file, TEXT);
  const response =
    why === 'another method'
      ? await fetch(`${url}/sounds.yaml`, { method: 'PUT', headers: { Origin: url } })
      : await post({ sound: 'hit', lock: 3 }, headers as Record<string, string>);
  expect(response.status).toBe(403);
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
});

test('too much and no JSON are refused, the file stays', async () => {
  expect((await post({ sound: 'hit', lock: 3, more: 'x'.repeat(2000) })).status).toBe(400);
  expect((await post('{')).status).toBe(400);
  expect(readFileSync(file, 'utf8')).toBe(TEXT);
});

test('a file that is away for a moment is 404, and the server goes on', async () => {
  rmSync(file, { force: true });
  const missing = await fetch(`${url}/sounds.yaml`);
  expect([missing.status, await missing.text()]).toEqual([
    404,
    expect.stringMatching(/^sounds: .*sounds\.yaml cannot be read: ENOENT.* Put it back\.$/),
  ]);
  writeFileSync(file, TEXT);
  expect(await (await fetch(`${url}/sounds.yaml`)).text()).toBe(TEXT);
});
