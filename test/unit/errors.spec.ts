import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  codesInSource,
  codesSaidAnywhere,
  fieldsOfRefusals,
  filesIn,
  ROOT,
} from './support/error-codes.js';
import { PROBLEMS } from '../../src/platform/openapi/problems.js';
import { documentedErrors } from '../kit/error-document.js';

const OWN_FILES = ['test/unit/errors.spec.ts', 'test/unit/support/error-codes.ts'];

const rows = documentedErrors();
const documented = new Map(rows.map((row) => [row.code, row]));
const found = codesInSource();
const codes = [...new Set(found.map(({ code }) => code))].sort();

describe('docs/errors.md', () => {
  it('has a row for each code that the service can answer, and for no other', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(codes);
  });

  it('says which status comes with each code, and each code has one', () => {
    for (const { at, code, status } of found) {
      expect({ at, code, status: documented.get(code)?.status }).toEqual({ at, code, status });
    }
  });

  it.each(Object.entries(fieldsOfRefusals()))('names the further fields of %s', (code, fields) => {
    expect(documented.get(code)?.fields.filter((name) => fields.includes(name))).toEqual(fields);
  });
});

describe('the problems of the OpenAPI document', () => {
  it('are those of docs/errors.md, in its words', () => {
    const said = rows.map(({ code, status, means, isKept = false }) => {
      return { code, status, means, isKept };
    });
    const problems = Object.entries(PROBLEMS).map(([code, facts]) => {
      const { status, means, isKept = false } = facts;
      return { code, status, means, isKept };
    });
    expect(problems).toEqual(said);
  });

  it.each(Object.entries(PROBLEMS))('say the further fields of %s', (code, { fields = {} }) => {
    const names = Object.keys(fields);
    expect(documented.get(code)?.fields.filter((name) => names.includes(name))).toEqual(names);
    const { [code]: ofRefusal } = fieldsOfRefusals();
    if (ofRefusal !== undefined) expect(names).toEqual(ofRefusal);
  });
});

describe('the codes of the service', () => {
  it('are found, of every sort', () => {
    expect(codes).toEqual(
      expect.arrayContaining(['sold_out', 'precondition_failed', 'uri_too_long', 'internal_error']),
    );
  });

  it('are snake_case', () => {
    expect(codes.filter((code) => !/^[a-z]+(?:_[a-z]+)*$/.test(code))).toEqual([]);
  });

  it('are said nowhere but where they are found', () => {
    const elsewhere = codesSaidAnywhere().filter(({ code }) => !codes.includes(code));
    // Of the library that checks the settings.
    expect(elsewhere).toEqual([{ at: 'src/platform/config/config.ts', code: 'custom' }]);
  });

  const tests = [...filesIn('test'), ...filesIn('src').filter((path) => path.endsWith('.spec.ts'))]
    .filter((path) => !OWN_FILES.includes(path))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');

  it('are each named in a test', () => {
    expect(codes.filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
  });
});
