import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  codesWrittenAsField,
  fieldsOfRefusals,
  filesIn,
  ROOT,
  stringsInSource,
} from './support/error-codes.js';
import { HttpException } from '@nestjs/common';
import { PROBLEMS } from '../../src/platform/errors/index.js';
import { withProblemTables } from '../../src/platform/errors/problems/problems-table.js';
import { toProblem } from '../../src/platform/http/problem-details.js';
import { documentedErrors } from '../kit/error-document.js';

const OWN_FILES = ['test/unit/errors.spec.ts', 'test/unit/support/error-codes.ts'];

const catalogue = Object.entries(PROBLEMS);
const codes = Object.keys(PROBLEMS);

describe('docs/errors.md', () => {
  it('has the tables of the catalogue (npm run docs:errors writes them)', () => {
    const document = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
    expect(document).toBe(withProblemTables(document));
  });

  it('has one row for each code, in the order of the catalogue', () => {
    const rows = documentedErrors().map(({ code, status, means, isKept = false }) => {
      return { code, status, means, isKept };
    });
    expect(rows).toEqual(
      catalogue.map(([code, { status, meaning: means, isStored: isKept = false }]) => {
        return { code, status, means, isKept };
      }),
    );
  });

  it.each(catalogue)('names the further fields of %s', (code, { fields = {} }) => {
    const names = Object.keys(fields);
    const row = documentedErrors().find((one) => one.code === code);
    expect(row?.fields.filter((name) => names.includes(name))).toEqual(
      expect.arrayContaining(names),
    );
  });
});

describe('the catalogue of problems', () => {
  it('has all kinds of codes', () => {
    expect(codes).toEqual(
      expect.arrayContaining(['sold_out', 'precondition_failed', 'uri_too_long', 'internal_error']),
    );
  });

  it('has snake_case codes only', () => {
    expect(codes.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
  });

  it('has no code that the service never uses', () => {
    const strings = stringsInSource();
    expect(codes.filter((code) => !strings.has(code))).toEqual([]);
  });

  it('has every code that is written in the sources', () => {
    const unknown = codesWrittenAsField().filter(({ code }) => !codes.includes(code));
    // The only other `code` belongs to zod.
    expect(unknown).toEqual([{ at: 'src/platform/config/config.ts', code: 'custom' }]);
  });

  it.each(Object.entries(fieldsOfRefusals()))(
    'has the fields of the refusal %s',
    (code, fields) => {
      const facts = PROBLEMS[code as keyof typeof PROBLEMS];
      expect(Object.keys(facts.fields ?? {})).toEqual(fields);
    },
  );

  it('fills into details only fields that are always there', () => {
    const unknown = catalogue.flatMap(([code, { detail, fields = {}, optionalFields = [] }]) =>
      [...detail.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name!)
        .filter((name) => !(name in fields) || optionalFields.includes(name))
        .map((name) => ({ code, name })),
    );
    expect(unknown).toEqual([]);
  });

  it('has the statuses that the errors of the framework come with', () => {
    const statuses = Array.from({ length: 200 }, (_, nth) => 400 + nth);
    const problems = statuses.map((status) => [
      status,
      toProblem(new HttpException('', status)).status,
    ]);
    expect(problems.filter(([status, shown]) => shown !== 500 && shown !== status)).toEqual([]);
  });

  const tests = [...filesIn('test'), ...filesIn('src').filter((path) => path.endsWith('.spec.ts'))]
    .filter((path) => !OWN_FILES.includes(path))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');

  it('has only codes that a test names', () => {
    expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
  });
});
