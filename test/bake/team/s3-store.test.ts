/** The store in a bucket, against a server that speaks S3 and checks signatures. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openS3Store } from '../../../bake/team/s3-store.ts';
import { freePort } from '../../support/redis-server.ts';
import { jobOf, recordOf } from './records.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

let folder: string;
let server: S3rver;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-s3-'));
  const configureBuckets = [{ name: 'takes', configs: [] }];
  server = new S3rver({ port: 0, silent: true, directory: folder, configureBuckets });
  const { port } = await server.run();
  env = { ...KEYS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const recordNamed = (number: number) => recordOf(jobOf(number));

test('what is put into the bucket is got out of it again, by its id alone', async () => {
  const store = await openS3Store('s3://takes/games/one', env);
  expect(await store.get(jobOf(1).id)).toBeUndefined();
  await store.put(recordNamed(1));
  await store.put(recordNamed(2));
  await store.put(recordNamed(1));
  expect(await store.get(jobOf(1).id)).toEqual(recordNamed(1));
  expect(await store.get(jobOf(2).id)).toEqual(recordNamed(2));
  const other = await openS3Store('s3://takes/games/two/', env);
  expect(await other.get(jobOf(1).id)).toBeUndefined();
  const same = await openS3Store('s3://takes/games/one/', env);
  expect(await same.get(jobOf(1).id)).toEqual(recordNamed(1));
});

test.each([
  ['a wrong key', { AWS_ACCESS_KEY_ID: 'guessed' }, 's3://takes', /writing was refused, 403/],
  ['no such bucket', {}, 's3://nowhere', /writing was refused, 404/],
])('%s: the error names the bucket and what to check', async (_what, change, place, message) => {
  const store = await openS3Store(place, { ...env, ...change });
  const putting = store.put(recordNamed(1));
  await expect(putting).rejects.toThrow(message);
  await expect(putting).rejects.toThrow(`s3-store: ${place}: `);
  await expect(putting).rejects.toThrow('Check the bucket, AWS_ENDPOINT_URL_S3 and the keys.');
});

test('nobody there: the error says so', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const store = await openS3Store('s3://takes', { ...env, AWS_ENDPOINT_URL_S3: nowhere });
  await expect(store.put(recordNamed(1))).rejects.toThrow(/s3-store: s3:\/\/takes: .*ECONNREFUSED/);
});

test('a connection that breaks is made again', async () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method}`);
    if (asked.length <= 2) request.socket.destroy();
    else response.writeHead(404).end();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const store = await openS3Store('s3://takes', { ...KEYS, AWS_ENDPOINT_URL_S3: endpoint });
  expect(await store.get(jobOf(1).id)).toBeUndefined();
  expect(asked).toEqual(['GET', 'GET', 'GET']);
  proxy.closeAllConnections();
  proxy.close();
});

test.each([
  ['s3://takes', { AWS_ENDPOINT_URL_S3: 'localhost:9000' }, "got 'localhost:9000'. Correct AWS_E"],
  ['s3://', KEYS, 'expected s3://bucket/prefix'],
  ['s3:takes', KEYS, 'expected s3://bucket/prefix'],
  ['s3://takes', {}, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set'],
])('%s is refused before anything is asked', async (place, given, message) => {
  await expect(openS3Store(place, given)).rejects.toThrow(message);
});
