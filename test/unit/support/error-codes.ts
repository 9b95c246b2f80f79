import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '../../..');

const REFUSALS = 'src/allocation/core/refusals.ts';
/** Where the codes are listed. */
const CATALOGUE = 'src/platform/errors/problems/';

/** Paths of the TypeScript files in a folder, relative to the root. */
export const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));

const sources = (): ts.SourceFile[] =>
  filesIn('src')
    .filter((path) => !path.endsWith('.spec.ts') && !path.startsWith(CATALOGUE))
    .map((path) => parse(path));

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return ts.createSourceFile(join(ROOT, path), text, ts.ScriptTarget.Latest, true);
}

function nodesOf<Node extends ts.Node>(
  root: ts.Node,
  isWanted: (node: ts.Node) => node is Node,
): Node[] {
  const found: Node[] = isWanted(root) ? [root] : [];
  root.forEachChild((child) => void found.push(...nodesOf(child, isWanted)));
  return found;
}

/** Every string that is written in the sources outside the catalogue. */
export const stringsInSource = (): ReadonlySet<string> =>
  new Set(sources().flatMap((file) => nodesOf(file, ts.isStringLiteral).map(({ text }) => text)));

/** The fields of each refusal beside its code, read from its type. */
export function fieldsOfRefusals(): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const type of nodesOf(parse(REFUSALS), ts.isTypeLiteralNode)) {
    const members = type.members.filter(ts.isPropertySignature);
    const code = members.find(({ name }) => name.getText() === 'code')!.type!.getText();
    const others = members.map(({ name }) => name.getText()).filter((name) => name !== 'code');
    const known = (fields[code.replaceAll("'", '')] ??= []);
    known.push(...others.filter((name) => !known.includes(name)));
  }
  return fields;
}

/** Codes that are written as `code: 'some_code'`, anywhere in the sources. */
export const codesWrittenAsField = (): { readonly at: string; readonly code: string }[] =>
  sources().flatMap((file) =>
    nodesOf(file, ts.isPropertyAssignment).flatMap(({ name, initializer }) => {
      if (name.getText() !== 'code' || !ts.isStringLiteral(initializer)) return [];
      return { at: relative(ROOT, file.fileName), code: initializer.text };
    }),
  );
