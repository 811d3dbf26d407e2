/**
 * Vite's development server, with sounds.
 *
 *   sounds.yaml edited ──▶ live-bake.ts ──▶ event 'scenefoley:sounds' ──▶ dev-client.ts in the page: the new pack, the new map
 *                     └─ wrong: Vite's overlay and log say where; the sounds before stay
 *
 *   GET /@scenefoley/sounds.json    the map       GET /@scenefoley/sounds.foley    as baked so far
 *   GET /@scenefoley/model/…        the model pack's files
 */
import { posix, relative, resolve } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import { buildErrorOf } from './build-error.ts';
import type { ServedSounds } from './dev-contract.ts';
import type { DevResponse, DevServer } from './hooks.ts';
import { createLiveBake, type LiveBake } from './live-bake.ts';
import type { PluginSettings } from './plugin-options.ts';
import { openShippedModel, type ShippedModel } from './shipped-model.ts';
import { writeSoundTypes } from './types-file.ts';

export interface DevSounds {
  /** Of the virtual module. @throws what is wrong with a sound map that was never right */
  moduleCode(): Promise<string>;
  /** Idempotent. */
  dispose(): Promise<void>;
}

const FOLDER = '@scenefoley';

export function startDevSounds(server: DevServer, settings: PluginSettings): DevSounds {
  const { logger } = server.config;
  const { soundMap, ship, root } = settings;
  const folder = posix.join(server.config.base, FOLDER);
  let model: Promise<ShippedModel> | undefined;

  const live: LiveBake = createLiveBake(settings, {
    onChange: () => server.ws.send('scenefoley:sounds', served()),
    onError: (error) => tellError(error),
    logger: { warn: logger.warn, info: logger.info },
  });

  function served(): ServedSounds {
    const query = `?v=${live.version}`;
    return {
      version: live.version,
      baked: `${folder}/sounds.foley${query}`,
      sounds: `${folder}/sounds.json${query}`,
      model: typeof ship === 'object' ? ship.at : `${folder}/model/`,
      live: ship !== 'decoder',
    };
  }

  async function readMap(): Promise<void> {
    await writeSoundTypes(await live.update(), settings);
  }

  function tellError(error: unknown): void {
    const { message, ...place } = buildErrorOf(error, soundMap);
    logger.error(`scenefoley: ${message}`);
    server.ws.send({ type: 'error', err: { message, stack: '', plugin: 'scenefoley', ...place } });
  }

  /** One after the other: an editor may write a file in several steps. */
  let last: Promise<unknown> = Promise.resolve();
  const read = () => {
    const reading = last.then(readMap);
    last = reading.catch(() => {});
    return reading;
  };

  async function onFile(path: string): Promise<void> {
    if (resolve(root, path) !== soundMap) return;
    const wasNeverRight = live.version === 0;
    try {
      await read();
      logger.info(`scenefoley: ${relative(root, soundMap)} is read anew`);
      if (wasNeverRight) server.ws.send({ type: 'full-reload' });
    } catch (error) {
      tellError(error);
    }
  }

  async function answer(path: string, response: DevResponse): Promise<void> {
    if (path === 'sounds.json') return end(response, 'application/json', live.sounds);
    if (path === 'sounds.foley') return end(response, BINARY, await live.pack());
    model ??= openShippedModel(settings.model, 'all');
    const { names, read: readFile } = await model;
    const name = names.find((one) => path === `model/${one}`);
    if (name === undefined) return void response.writeHead(404, {}).end('');
    const type = name.endsWith('.json') ? 'application/json' : BINARY;
    end(response, type, await readFile(name));
  }

  const first = read();
  first.catch(() => {}); // told by moduleCode
  server.watcher.add(soundMap);
  for (const event of ['add', 'change'] as const) {
    server.watcher.on(event, (path) => void onFile(path));
  }
  server.ws.on('scenefoley:hello', (seen, client) => {
    if ((seen as Partial<ServedSounds>).version !== live.version) {
      client.send('scenefoley:sounds', served());
    }
  });
  server.middlewares.use(({ url = '/' }, response, next) => {
    const [path = ''] = url.split('?');
    const prefix = [`${folder}/`, `/${FOLDER}/`].find((one) => path.startsWith(one));
    if (prefix === undefined) return next();
    answer(path.slice(prefix.length), response).catch((error) => {
      logger.error(`scenefoley: ${messageOf(error)}`);
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(messageOf(error));
    });
  });
  return {
    async moduleCode() {
      await first.catch((error) => {
        if (live.version === 0) throw error;
      });
      return moduleCode(served());
    },
    dispose: live.dispose,
  };
}

const BINARY = 'application/octet-stream';

function end(response: DevResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}

function moduleCode(served: ServedSounds): string {
  return [
    `import { connectSounds } from 'scenefoley/dev-client';`,
    `const connected = connectSounds(${JSON.stringify(served)}, import.meta.hot);`,
    'export default connected.options;',
    'export const onSounds = connected.onSounds;',
    '',
  ].join('\n');
}
