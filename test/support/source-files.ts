/**
 * Our source files, parsed: what they import and which words they use. Comments and strings are not code.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** One import, dynamic import, re-export or `new URL('…', import.meta.url)` of a source file. */
export interface ImportOf {
  /** Path from the repository root, with forward slashes. */
  from: string;
  /** As written. */
  specifier: string;
  /** Path from the repository root for a relative specifier, else the specifier itself. */
  target: string;
  /** 'type': nothing of it is left in the build. 'on demand': `import()`, or the address of a worker. */
  kind: 'static' | 'type' | 'on demand';
}

/** @returns paths of all .ts files below `folder`, relative to the repository root, sorted. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

export function parse(path: string): ts.SourceFile {
  return parseText(path, readFileSync(join(root, path), 'utf8'));
}

export function parseText(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

export function importsOf(file: ts.SourceFile): ImportOf[] {
  return descendants(file).flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    const target = specifier.startsWith('.')
      ? posix.join(posix.dirname(file.fileName), specifier)
      : specifier;
    return [{ from: file.fileName, specifier, target, kind: kindOf(node) }];
  });
}

/** @returns every identifier of the file with its line, counted from 1. */
export function identifiersOf(file: ts.SourceFile): { name: string; line: number }[] {
  return descendants(file)
    .filter((node) => ts.isIdentifier(node))
    .map((node) => ({
      name: node.text,
      line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    }));
}

function descendants(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    nodes.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return nodes;
}

function kindOf(node: ts.Node): ImportOf['kind'] {
  if (ts.isImportTypeNode(node)) return 'type';
  if (ts.isImportDeclaration(node)) {
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type' : 'static';
  }
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? 'type' : 'static';
  return 'on demand';
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return literal(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal) : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return literal(node.arguments[0]);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    return urlOfModule(node);
  }
  return undefined;
}

function urlOfModule(node: ts.NewExpression): string | undefined {
  const [path, base] = node.arguments ?? [];
  return base?.getText() === 'import.meta.url' ? literal(path) : undefined;
}

function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}
