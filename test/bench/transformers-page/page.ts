/**
 * The reference of the bench in a page. scripts/bench-transformers.mjs calls `runTransformersBench`.
 */
import * as ort from 'onnxruntime-web/wasm';
import { measureTransformersJs, type TransformersJsFigures } from '../transformers-js.ts';

declare global {
  var runTransformersBench: () => Promise<TransformersJsFigures>;
}

globalThis.runTransformersBench = () =>
  measureTransformersJs({ ort, ortUrl: new URL('ort/', location.href).href, models: '/models/' });
