/**
 * Prompt → token ids → text embedding f32 [L, D].
 *
 * WordPiece as the model's tokenizer.json says, [CLS] first, [SEP] last, cut to at most `maxTokens` with [SEP] kept.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import type { Engine, TextEmbedding } from './engine.ts';
import { ModelPackError, messageOf } from './errors.ts';
import type { ModelPack } from './model-pack.ts';

export interface PromptTokenizer {
  /** @returns 2 to maxTokens ids. */
  encode(prompt: string): number[];
}

/** @throws ModelPackError if tokenizer.json is none. */
export async function loadPromptTokenizer(pack: ModelPack): Promise<PromptTokenizer> {
  const { maxTokens } = pack.manifest.textEncoder;
  const files = await pack.load(['tokenizer.json']);
  const tokenizer = parseTokenizer(files['tokenizer.json']);
  return {
    encode(prompt) {
      const { ids } = tokenizer.encode(prompt);
      return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!];
    },
  };
}

/** Step 3 of the pipeline. */
export function encodePrompt(
  engine: Engine,
  tokenizer: PromptTokenizer,
  prompt: string,
): Promise<TextEmbedding> {
  return engine.encodeText(tokenizer.encode(prompt));
}

function parseTokenizer(bytes: Uint8Array): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(new TextDecoder().decode(bytes)), {});
  } catch (error) {
    throw new ModelPackError(
      `text-encoder: tokenizer.json: expected a tokenizer, found ${messageOf(error)}. Export the model again.`,
    );
  }
}
