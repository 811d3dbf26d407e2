/** Only this machine's own page is answered, whatever name it was reached by. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  answerJson,
  hostsOf,
  type LocalServer,
  startLocalServer,
} from '../../../bake/audition/local-server.ts';

let server: LocalServer;
let port: string;
const told: unknown[] = [];

beforeAll(async () => {
  const routes = {
    'GET /': ({ response, query }: Parameters<Route>[0]) =>
      answerJson(response, Object.fromEntries(query)),
    'GET /wrong': () => {
      throw new RangeError('audition: so wrong.');
    },
    'POST /tell': ({ response, body }: Parameters<Route>[0]) => {
      told.push(body);
      answerJson(response, {});
    },
  };
  server = await startLocalServer(routes, 0);
  port = new URL(server.url).port;
});
afterAll(() => server.dispose());

type Route = (exchange: import('../../../bake/audition/local-server.ts').Exchange) => void;

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** With any Host, which fetch would not send. */
function ask({ method = 'GET', path = '/', headers = {}, body = '' }: Asked) {
  const host = `127.0.0.1:${port}`;
  return new Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }>(
    (resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { Host: host, ...headers },
      };
      const request = httpRequest(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      });
      request.on('error', reject).end(body);
    },
  );
}

const own = () => ({
  Origin: `http://127.0.0.1:${port}`,
  'Content-Type': 'application/json',
});

test('its own page is answered, and loads nothing from elsewhere', async () => {
  const { status, text, headers } = await ask({ path: '/?a=1&b=%2F' });
  expect([status, JSON.parse(text)]).toEqual([200, { a: '1', b: '/' }]);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect((await ask({ headers: { Host: `localhost:${port}` } })).status).toBe(200);
});

test.each([
  ['a name that was pointed here', { Host: 'evil.example' }],
  ['another port', { Host: '127.0.0.1:1' }],
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
  ['another origin', { Origin: 'http://evil.example' }],
  ['a sandboxed origin', { Origin: 'null' }],
])('%s reads nothing', async (_who, headers) => {
  const { status, text } = await ask({ headers });
  expect(status).toBe(403);
  expect(text).toMatch(/^audition: /);
});

test.each([
  ['no origin', { 'Content-Type': 'application/json' }],
  ['a form', { Origin: 'http://127.0.0.1:PORT', 'Content-Type': 'text/plain' }],
  ['another origin', { Origin: 'http://evil.example', 'Content-Type': 'application/json' }],
])('%s changes nothing', async (_who, given) => {
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value.replace('PORT', port)]),
  );
  const { status } = await ask({ method: 'POST', path: '/tell', headers, body: '{}' });
  expect([status, told.length]).toEqual([403, 0]);
});

test('it is known by what browsers call it, on their own port too', () => {
  expect(hostsOf(5190)).toEqual(['127.0.0.1:5190', 'localhost:5190']);
  expect(hostsOf(80)).toEqual(['127.0.0.1', 'localhost']);
});

test('what is wrong is 400 and said; what is not there is 404', async () => {
  const post = (body: string) => ask({ method: 'POST', path: '/tell', headers: own(), body });
  expect(await post('{')).toMatchObject({ status: 400, text: 'audition: the request is no JSON.' });
  expect((await post(`"${'x'.repeat(20_000)}"`)).status).toBe(400);
  expect(told).toEqual([]);
  expect(await ask({ path: '/wrong' })).toMatchObject({ status: 400, text: 'audition: so wrong.' });
  for (const path of ['/nothing', '//', '/../x', '/%', '/__proto__', 'http://[']) {
    expect([path, (await ask({ path })).status]).toEqual([path, 404]);
  }
  expect((await ask({ method: 'PUT' })).status).toBe(404);
  expect((await post('{"a":1}')).status).toBe(200);
  expect(told).toEqual([{ a: 1 }]);
});

test('a port that is taken is said in words', async () => {
  await expect(startLocalServer({}, Number(port))).rejects.toThrow(
    new RegExp(`^audition: port ${port} of 127.0.0.1 cannot be used, got .*EADDRINUSE.*--port`),
  );
});
