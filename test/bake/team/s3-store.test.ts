/** The store in a bucket, against a server that speaks S3 and checks signatures. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { encodeRecord } from '../../../bake/take-store/take-record.ts';
import { openS3Store } from '../../../bake/team/s3-store.ts';
import { AbortError } from '../../../runtime/errors.ts';
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

/** What a server does with the request of that number, from 1. */
type Behaviour = (response: ServerResponse, number: number) => void;

const servers = new Set<Server>();
afterEach(() => {
  for (const one of servers) one.closeAllConnections();
  for (const one of servers) one.close();
  servers.clear();
});

/** @returns the store, and how often its server was asked. */
async function behaving(behave: Behaviour, timeoutMs?: number) {
  let asked = 0;
  const bucket = createServer((_, response) => behave(response, ++asked));
  servers.add(bucket.listen(0, '127.0.0.1'));
  await once(bucket, 'listening');
  const { port } = bucket.address() as AddressInfo;
  const there = { ...KEYS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` };
  return { store: await openS3Store('s3://takes', there, timeoutMs), asked: () => asked };
}

/** All of the record but its end: then silence, or none any more. */
function sendHalf(response: ServerResponse): void {
  const bytes = encodeRecord(recordNamed(1));
  response.writeHead(200, { 'content-length': bytes.length }).write(bytes.slice(0, -4));
}

test('a connection that breaks is made again', async () => {
  const { store, asked } = await behaving((response, number) => {
    if (number <= 2) response.destroy();
    else response.writeHead(404).end();
  });
  expect(await store.get(jobOf(1).id)).toBeUndefined();
  expect(asked()).toBe(3);
});

function breakInside(response: ServerResponse): void {
  sendHalf(response);
  setImmediate(() => response.destroy());
}

test('one that breaks in the middle of a record likewise', async () => {
  const { store, asked } = await behaving((response, number) => {
    if (number <= 2) breakInside(response);
    else response.end(encodeRecord(recordNamed(1)));
  });
  expect(await store.get(jobOf(1).id)).toEqual(recordNamed(1));
  expect(asked()).toBe(3);
});

test('one that always breaks there: the error names the bucket and why', async () => {
  const { store, asked } = await behaving(breakInside);
  await expect(store.get(jobOf(1).id)).rejects.toThrow(
    /^s3-store: s3:\/\/takes: .*closed\. Check the bucket/,
  );
  expect(asked()).toBe(5);
});

test.each<[string, Behaviour]>([
  ['says nothing', () => {}],
  ['falls silent in the middle of a record', sendHalf],
])('a bucket that %s is asked once more, then the error says so', async (_what, behave) => {
  const { store, asked } = await behaving(behave, 100);
  const reading = store.get(jobOf(1).id);
  await expect(reading).rejects.toThrow('s3-store: s3://takes: no answer within 0.1 s. Check');
  expect(asked()).toBe(2);
  await expect(store.put(recordNamed(1))).rejects.toThrow('no answer within 0.1 s');
});

test('one that was silent once is heard the second time', async () => {
  const { store } = await behaving((response, number) => {
    if (number > 1) response.end(encodeRecord(recordNamed(1)));
  }, 500);
  expect(await store.get(jobOf(1).id)).toEqual(recordNamed(1));
});

test('a question that is taken back is not asked again', async () => {
  const stop = new AbortController();
  const { store, asked } = await behaving(() => stop.abort());
  await expect(store.get(jobOf(1).id, stop.signal)).rejects.toThrow(AbortError);
  expect(asked()).toBe(1);
});

test.each([
  ['s3://takes', { AWS_ENDPOINT_URL_S3: 'localhost:9000' }, "got 'localhost:9000'. Correct AWS_E"],
  ['s3://', KEYS, 'expected s3://bucket/prefix'],
  ['s3:takes', KEYS, 'expected s3://bucket/prefix'],
  ['s3://takes', {}, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set'],
])('%s is refused before anything is asked', async (place, given, message) => {
  await expect(openS3Store(place, given)).rejects.toThrow(message);
});
