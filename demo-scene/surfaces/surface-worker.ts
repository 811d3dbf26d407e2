/** Bakes surfaces off the main thread: a name in, three images out, in the order asked. */
import { bakeByName, type SurfaceName } from './catalogue.ts';
import type { BakedSurface } from './texel.ts';

export interface SurfaceReply {
  name: SurfaceName;
  baked: BakedSurface;
}

addEventListener('message', ({ data: name }: MessageEvent<SurfaceName>) => {
  const baked = bakeByName(name);
  const reply: SurfaceReply = { name, baked };
  const transfer = [baked.albedo.buffer, baked.normal.buffer, baked.orm.buffer];
  postMessage(reply, { transfer });
});
