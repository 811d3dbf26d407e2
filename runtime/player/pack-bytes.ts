/** A pack's bytes by its URL: as a whole where that is cheaper, else in blocks, as they are needed. */
import type { Logger } from '../logger.ts';
import type { ByteSource } from '../token-pack.ts';
import { blockSource } from './block-source.ts';
import type { RangeChoice } from './contract.ts';
import { openHttpSource } from './http-source.ts';

export interface PackBytes extends ByteSource {
  /** Nothing more will be fetched. */
  readonly isWhole: boolean;
}

/** @throws Error that names the URL */
export async function openPackBytes(
  url: string,
  range: RangeChoice,
  logger: Logger,
): Promise<PackBytes> {
  const source = await openHttpSource(url, range, logger);
  if (source.isWhole) return source;
  const { place, read } = blockSource(source);
  return {
    ...{ place, read },
    get isWhole() {
      return source.isWhole;
    },
  };
}
