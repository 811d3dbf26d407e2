/** The files that are made from the schema of sound maps. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeJsonSchema } from './json-schema.ts';
import { MARK, makeReference } from './page.ts';

const PAGE = 'docs/sound-map.md';

/** @returns each file's content by its path. */
export function makeFiles(root: string): Map<string, string> {
  const schema = makeJsonSchema(root);
  const [byHand = ''] = readFileSync(join(root, PAGE), 'utf8').split(MARK);
  return new Map([
    ['schema/sounds.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
    [PAGE, `${byHand}${makeReference(schema)}`],
  ]);
}
