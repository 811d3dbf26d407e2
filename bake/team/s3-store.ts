/**
 * Records in a bucket: Amazon S3, or anything that speaks like it (MinIO, Ceph, R2, …).
 *
 *   s3://bucket/prefix ──▶ ENDPOINT/bucket/prefix/3f/9a…c1       one object, one record; a PUT is whole or not at all
 *
 * Who we are and where the bucket is comes from the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.
 */
import { setTimeout } from 'node:timers/promises';
import type { AwsClient } from 'aws4fetch';
import { messageOf, orAborted, throwIfAborted } from '../../runtime/errors.ts';
import type { TakeStore } from '../contract.ts';
import { decodeRecord, encodeRecord } from '../take-store/take-record.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a bucket that is busy (told by its answer) or out of reach (no answer) for a moment; the waits between them double. */
const RETRIES = 4;
/** Milliseconds before the first one where there was no answer. */
const FIRST_WAIT_MS = 50;
/** A try ends when it takes longer, with the answer's last byte. The second that does is the last one. */
const TIMEOUT_MS = 30_000;
const MAX_TIMEOUTS = 2;

/** An answer that has arrived, with its last byte. */
interface Answer extends Pick<Response, 'ok' | 'status' | 'statusText'> {
  bytes: Uint8Array;
}

/**
 * @param place s3://bucket or s3://bucket/prefix
 * @param timeoutMs for tests: of one try
 * @throws Error for an address or an endpoint that is none, and for a missing key.
 */
export async function openS3Store(
  place: string,
  env: Environment = process.env,
  timeoutMs = TIMEOUT_MS,
): Promise<TakeStore> {
  const folder = folderOf(place, env);
  const client = await clientOf(env);

  async function tryOnce(path: string, init: RequestInit): Promise<Answer> {
    const response = await client.fetch(folder + path, init);
    const { ok, status, statusText } = response;
    return { ok, status, statusText, bytes: new Uint8Array(await response.arrayBuffer()) };
  }

  async function ask(path: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
    let timeouts = 0;
    for (let tries = 0; ; tries++) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const stop = eitherOf(timeout, signal);
      try {
        // Raced too: fetch may lose sight of a signal when memory is tidied up.
        return await orAborted(tryOnce(path, { ...init, signal: stop }), stop, 's3-store');
      } catch (error) {
        throwIfAborted(signal, 's3-store');
        if (timeout.aborted) timeouts += 1;
        const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
        if (tries === RETRIES || timeouts === MAX_TIMEOUTS) {
          throw new Error(`s3-store: ${place}: ${reason}. ${CHECK}`);
        }
      }
      await setTimeout(FIRST_WAIT_MS * 2 ** tries);
    }
  }

  function refused(what: string, { status, statusText }: Answer): Error {
    return new Error(`s3-store: ${place}: ${what} was refused, ${status} ${statusText}. ${CHECK}`);
  }

  return {
    place,
    async get(id, signal) {
      const answer = await ask(pathOf(id), {}, signal);
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw refused('reading', answer);
      return decodeRecord(answer.bytes, id);
    },
    async put(record) {
      const body = encodeRecord(record).slice();
      const answer = await ask(pathOf(record.job.id), { method: 'PUT', body });
      if (!answer.ok) throw refused('writing', answer);
    },
  };
}

const CHECK = 'Check the bucket, AWS_ENDPOINT_URL_S3 and the keys.';

function eitherOf(timeout: AbortSignal, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

/** fetch tells in `cause` why it failed; of several addresses tried that has a code alone. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  return messageOf(cause) || String((cause as { code?: unknown }).code);
}

function pathOf(id: string): string {
  return `${id.slice(0, 2)}/${id.slice(2)}`;
}

/** URL of the prefix, ends in '/'. The bucket is in the path, as every server understands it. */
function folderOf(place: string, env: Environment): string {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(place) ?? [];
  if (bucket === '') {
    throw new Error(`s3-store: expected s3://bucket/prefix, got '${place}'. Correct --store.`);
  }
  const region = env.AWS_REGION ?? 'us-east-1';
  const endpoint =
    env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new Error(
      `s3-store: the endpoint must be an address like http://host:9000, got '${endpoint}'. Correct AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.`,
    );
  }
  const folder = [bucket, ...prefix.split('/').filter(Boolean)].map(encodeURIComponent).join('/');
  return `${endpoint.replace(/\/+$/, '')}/${folder}/`;
}

async function clientOf(env: Environment): Promise<AwsClient> {
  const { AwsClient: Client } = await import('aws4fetch');
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error(
      's3-store: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Set them to the keys of the bucket.',
    );
  }
  return new Client({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    region: env.AWS_REGION ?? 'us-east-1',
    service: 's3',
    retries: RETRIES,
  });
}
