/** What plugin/sound-map/input.ts, binding-input.ts and mix-input.ts say of each type and field: the words of the JSON Schema and of the manual. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface TypeComment {
  text: string;
  fields: Map<string, FieldComment>;
}

export interface FieldComment {
  text: string;
  /** Of its `@defaultValue`; null without one. */
  standard: string | null;
}

const FILES = ['input', 'binding-input', 'mix-input'].map((name) => `plugin/sound-map/${name}.ts`);

/** @returns by the name of the interface or type. */
export function readComments(root: string): Map<string, TypeComment> {
  return withInherited(new Map(FILES.flatMap((file) => typesIn(join(root, file)))));
}

function typesIn(file: string): [string, TypeComment][] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const types = source.statements.filter(
    (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node),
  );
  return types.map((node) => {
    const members = ts.isInterfaceDeclaration(node) ? [...node.members] : [];
    const fields = members.map(
      (member) => [member.name?.getText() ?? '', fieldOf(member)] as const,
    );
    return [node.name.text, { text: commentOf(node), fields: new Map(fields) }];
  });
}

/** Bindings have their selectors from one interface. */
function withInherited(types: Map<string, TypeComment>): Map<string, TypeComment> {
  const selectors = types.get('BindingSelectors')?.fields ?? new Map();
  for (const [name, { fields }] of types) {
    if (name.endsWith('Binding'))
      for (const entry of selectors) fields.set(...(entry as [string, FieldComment]));
  }
  return types;
}

function fieldOf(node: ts.Node): FieldComment {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'defaultValue');
  const standard = tag === undefined ? null : plain(ts.getTextOfJSDocComment(tag.comment));
  return { text: commentOf(node), standard };
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return plain(ts.getTextOfJSDocComment(comment?.comment));
}

function plain(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
