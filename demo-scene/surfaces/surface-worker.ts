/** Bakes surfaces off the main thread: a name in, three images out, in the order asked. */
import { bakeByName, type SurfaceName } from './catalogue.ts';
import type { BakedSurface } from './texel.ts';

export interface SurfaceJob {
  name: SurfaceName;
  scale: number;
}

export interface SurfaceReply {
  name: SurfaceName;
  baked: BakedSurface;
}

addEventListener('message', ({ data: { name, scale } }: MessageEvent<SurfaceJob>) => {
  const baked = bakeByName(name, scale);
  const reply: SurfaceReply = { name, baked };
  const transfer = [baked.albedo.buffer, baked.normal.buffer, baked.orm.buffer];
  postMessage(reply, { transfer });
});
