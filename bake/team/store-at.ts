/** Where records are kept, by its address: a folder, or s3://bucket/prefix. */
import { resolve } from 'node:path';
import type { TakeStore } from '../contract.ts';
import { createFolderStore } from '../take-store.ts';

/** What speaks with buckets is loaded for one alone. @throws Error for a bucket's address or keys that are wrong. */
export async function storeAt(place: string): Promise<TakeStore> {
  if (!place.startsWith('s3:')) return createFolderStore(resolve(place));
  const { openS3Store } = await import('./s3-store.ts');
  return openS3Store(place);
}
