import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { HttpException } from '@nestjs/common';
import ts from 'typescript';
import type { Refusal } from '../../../src/allocation/core/refusals.js';
import { refusalError } from '../../../src/allocation/refusal-error.js';
import { DomainError, type DomainErrorKind } from '../../../src/platform/errors/index.js';
import { toProblem } from '../../../src/platform/http/problem-details.js';

export const ROOT = join(__dirname, '../../..');

/** Makes an error of each refusal, so the codes there are those of the refusals. */
const REFUSAL_ERRORS = 'src/allocation/refusal-error.ts';
const REFUSALS = 'src/allocation/core/refusals.ts';

/** Where it is said, and what. */
interface Found {
  readonly at: string;
  readonly code: string;
  readonly status: number;
}

/** Paths of TypeScript files in a folder, from the root. */
export const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path));

const sources = (): ts.SourceFile[] =>
  filesIn('src')
    .filter((path) => !path.endsWith('.spec.ts'))
    .map((path) => parse(path));

function parse(path: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return ts.createSourceFile(join(ROOT, path), text, ts.ScriptTarget.Latest, true);
}

const pathOf = (file: ts.SourceFile): string => relative(ROOT, file.fileName);

function nodesOf<Node extends ts.Node>(
  root: ts.Node,
  isWanted: (node: ts.Node) => node is Node,
): Node[] {
  const found: Node[] = isWanted(root) ? [root] : [];
  root.forEachChild((child) => void found.push(...nodesOf(child, isWanted)));
  return found;
}

/** Codes that the service can answer, with their statuses; each as often as it is said. */
export function codesInSource(): Found[] {
  return [...sources().flatMap(domainErrorsIn), ...refusals(), ...errorsOfFramework()];
}

/** @throws {Error} if a code is not written where its error is made, so that nobody could find it */
function domainErrorsIn(file: ts.SourceFile): Found[] {
  const path = pathOf(file);
  const heirs = nodesOf(file, ts.isHeritageClause).filter((one) =>
    /\bDomainError\b/.test(one.getText()),
  );
  if (heirs.length > 0) throw new Error(`${path}: a DomainError of its own hides its code`);
  const made = nodesOf(file, ts.isNewExpression).filter(
    ({ expression }) => expression.getText() === 'DomainError',
  );
  return made.flatMap(({ arguments: [kind, code] = [] }): Found[] => {
    if (code?.getText() === 'code' && path === REFUSAL_ERRORS) return [];
    if (!kind || !code || !ts.isStringLiteral(kind) || !ts.isStringLiteral(code)) {
      throw new Error(`${path}: write kind and code of a DomainError where it is made`);
    }
    const error = new DomainError(kind.text as DomainErrorKind, code.text, '');
    return [{ at: path, code: code.text, status: toProblem(error).status }];
  });
}

/** The refusals of the core, as they reach a client. */
function refusals(): Found[] {
  return Object.keys(fieldsOfRefusals()).map((refusal) => {
    const { code, status } = toProblem(refusalError({ code: refusal } as Refusal));
    return { at: REFUSALS, code, status };
  });
}

/** What each refusal says beside its code, read from its type. */
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

/** What the framework's own errors become: any status that it may come up with. */
function errorsOfFramework(): Found[] {
  const statuses = Array.from({ length: 200 }, (_, nth) => 400 + nth);
  return statuses.map((thrown) => {
    const { code, status } = toProblem(new HttpException('', thrown));
    return { at: 'src/platform/http/problem-details.ts', code, status };
  });
}

/** Codes that stand as `code: 'some_code'`, wherever. */
export function codesSaidAnywhere(): Omit<Found, 'status'>[] {
  return sources().flatMap((file) =>
    nodesOf(file, ts.isPropertyAssignment).flatMap(({ name, initializer }) => {
      if (name.getText() !== 'code' || !ts.isStringLiteral(initializer)) return [];
      return { at: pathOf(file), code: initializer.text };
    }),
  );
}
