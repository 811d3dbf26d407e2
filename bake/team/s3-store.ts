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
import { messageOf } from '../../runtime/errors.ts';
import type { TakeStore } from '../contract.ts';
import { decodeRecord, encodeRecord } from '../take-store/take-record.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Of a bucket that is busy (told by its answer) or out of reach (no answer) for a moment; the waits between them double. */
const RETRIES = 4;
/** Milliseconds before the first one where there was no answer. */
const FIRST_WAIT_MS = 50;

/**
 * @param place s3://bucket or s3://bucket/prefix
 * @throws Error for an address or an endpoint that is none, and for a missing key.
 */
export async function openS3Store(
  place: string,
  env: Environment = process.env,
): Promise<TakeStore> {
  const folder = folderOf(place, env);
  const client = await clientOf(env);

  async function ask(path: string, init: RequestInit): Promise<Response> {
    for (let tries = 0; ; tries++) {
      try {
        return await client.fetch(folder + path, init);
      } catch (error) {
        if (tries === RETRIES) throw new Error(`s3-store: ${place}: ${reasonOf(error)}. ${CHECK}`);
      }
      await setTimeout(FIRST_WAIT_MS * 2 ** tries);
    }
  }

  async function refused(what: string, { status, statusText }: Response): Promise<Error> {
    return new Error(`s3-store: ${place}: ${what} was refused, ${status} ${statusText}. ${CHECK}`);
  }

  return {
    place,
    async get(id) {
      const response = await ask(pathOf(id), {});
      if (response.status === 404) return undefined;
      if (!response.ok) throw await refused('reading', response);
      return decodeRecord(new Uint8Array(await response.arrayBuffer()), id);
    },
    async put(record) {
      const body = encodeRecord(record).slice();
      const response = await ask(pathOf(record.job.id), { method: 'PUT', body });
      if (!response.ok) throw await refused('writing', response);
    },
  };
}

const CHECK = 'Check the bucket, AWS_ENDPOINT_URL_S3 and the keys.';

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
