/**
 * Vite plugin: the demo scene's sounds.yaml beside the built page, and under `npm start` straight from its source: what a designer
 * saves is what the page reads next, and takes that are locked or banned in the page are written back.
 *
 *   GET  /sounds.yaml                             the file as it lies, with `X-Sounds: writable`
 *   POST /sounds.yaml  { sound, lock | ban }      changed in place, comments stay
 *
 * Only this machine may write: the server listens on 127.0.0.1, and a request must name it as host and origin, and carry a header
 * that no other site's page can send.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';

const NAME = 'sounds.yaml';
const MAX_BODY = 1024;
const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** @param {{ file: string, writable: boolean }} options the source; whether the page may change it. */
export function soundsFile({ file, writable }) {
  return {
    name: 'sounds-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: NAME, source: readFileSync(file) });
    },
    configurePreviewServer({ middlewares }) {
      if (writable)
        middlewares.use(`/${NAME}`, (request, response) => answer(file, request, response));
    },
  };
}

async function answer(file, request, response) {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const refusal = isRead ? null : refusalOf(request);
  if (refusal) return end(response, 403, refusal);
  if (isRead) return tell(file, request, response);
  try {
    writeFileSync(file, withChoice(readFileSync(file, 'utf8'), JSON.parse(await bodyOf(request))));
    end(response, 204, '');
  } catch (error) {
    end(response, 400, String(error.message ?? error));
  }
}

/** An editor that saves may have taken the file away for a moment. */
function tell(file, { method }, response) {
  response.setHeader('Cache-Control', 'no-store');
  let text;
  try {
    text = readFileSync(file);
  } catch (error) {
    return end(response, 404, `sounds: ${file} cannot be read: ${error.message}. Put it back.`);
  }
  response.setHeader('Content-Type', 'application/yaml');
  response.setHeader('X-Sounds', 'writable');
  response.end(method === 'HEAD' ? '' : text);
}

function refusalOf({ method, headers }) {
  if (method !== 'POST') return 'sounds: only GET and POST are answered here.';
  if (!OWN_HOST.test(headers.host ?? '')) return 'sounds: this host may not write.';
  if (headers.origin !== `http://${headers.host}`) return 'sounds: this origin may not write.';
  if (headers['x-sounds'] !== 'write') return 'sounds: the header X-Sounds is missing.';
  return null;
}

/**
 * Only the line of that sound's takes changes: nothing else is written in another way than its author's.
 * @param {string} text of a sound map.
 * @param {{ sound: string, lock?: number | null, ban?: number }} choice a seed to lock, null to unlock, or a seed to ban.
 * @returns {string} the same with that choice in it.
 * @throws Error saying what is wrong with the choice.
 */
export function withChoice(text, { sound, lock, ban }) {
  const map = parseDocument(text).getIn(['sounds', sound], true);
  if (typeof sound !== 'string' || !isMap(map) || map.items.length === 0)
    throw new Error(
      `sounds: there is no sound "${String(sound).slice(0, 64)}". Name one of the map.`,
    );
  const takes = map.get('takes')?.toJSON() ?? {};
  if (isSeed(lock)) takes.lock = lock;
  else if (lock === null) delete takes.lock;
  else if (isSeed(ban)) takes.ban = [...new Set([...(takes.ban ?? []), ban])];
  else throw new Error('sounds: give a seed from 0 to 4294967295 as lock or ban, or lock: null.');
  return withTakes(text, map, wordsOf(takes));
}

function wordsOf({ lock, ban = [] }) {
  const parts = [lock == null ? '' : `lock: ${lock}`, ban.length ? `ban: [${ban.join(', ')}]` : ''];
  return `takes: { ${parts.filter(Boolean).join(', ')} }`.replace('{  }', '{}');
}

/** In the place of those before, or after the sound's first field. */
function withTakes(text, map, words) {
  const known = map.items.find(({ key }) => key.value === 'takes');
  if (known) return splice(text, known.key.range[0], known.value.range[1], words);
  const [{ key, value }] = map.items;
  if (map.flow) return splice(text, value.range[1], value.range[1], `, ${words}`);
  const [start] = key.range;
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start) - 1);
  const end = text.indexOf('\n', value.range[1] - 1);
  if (end < 0) return `${text}\n${indent}${words}\n`;
  return splice(text, end + 1, end + 1, `${indent}${words}\n`);
}

function splice(text, from, to, words) {
  return text.slice(0, from) + words + text.slice(to);
}

function isSeed(value) {
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
}

async function bodyOf(request) {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > MAX_BODY) throw new Error(`sounds: more than ${MAX_BODY} bytes.`);
  }
  return body;
}

function end(response, status, text) {
  response.statusCode = status;
  response.end(text);
}
