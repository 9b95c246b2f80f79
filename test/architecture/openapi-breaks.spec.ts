import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenApiDocument } from '../../src/platform/openapi/document.js';
import { breaksBetween } from './support/openapi-breaks.js';

const ROOT = join(__dirname, '../..');
const FILE = 'docs/openapi.json';
const text = readFileSync(join(ROOT, FILE), 'utf8');

/** The output of git; undefined if the command fails. */
function git(...args: readonly string[]): string | undefined {
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const { status, stdout } = spawnSync('git', args, options);
  return status === 0 ? stdout : undefined;
}

/** The first document that clients may rely on; used until there is a release tag. */
const FIRST = '48da3bda9284b281e9d2db7fb459da6af74d8560';

/** The commit of the promised document: the last release. */
const baseCommit = (): string =>
  process.env['OPENAPI_BASE'] ?? git('describe', '--tags', '--abbrev=0')?.trim() ?? FIRST;

/** A shallow clone does not contain the promised document. */
const hasHistory = (): boolean => git('rev-parse', '--is-shallow-repository')?.trim() === 'false';

/** Whether the changelog lists unreleased breaking changes. */
function isAnnounced(): boolean {
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const unreleased = changelog.split(/^## /m)[1] ?? '';
  return /^### Breaking\s*\n+-/m.test(unreleased);
}

describe('docs/openapi.json', () => {
  it('breaks no client since the last release, unless CHANGELOG.md lists the break', () => {
    if (!hasHistory() || isAnnounced()) return;
    const before = git('show', `${baseCommit()}:${FILE}`);
    expect(before).toBeDefined();
    const breaks = breaksBetween(
      JSON.parse(before!) as OpenApiDocument,
      JSON.parse(text) as OpenApiDocument,
    );
    expect(breaks).toEqual([]);
  });
});

type Parts = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any

/** A change of the document, and the break that it causes. */
type Planted = readonly [what: string, change: (document: Parts) => void, found: string];

const BREAKS: readonly Planted[] = [
  [
    'a removed operation',
    ({ paths }) => delete paths['/v1/holds/{id}'].get,
    'GET /v1/holds/{id} is gone',
  ],
  ['a removed path', ({ paths }) => delete paths['/book'], 'POST /book is gone'],
  [
    'another name in generated clients',
    ({ paths }) => (paths['/book'].post.operationId = 'reserve'),
    'POST /book: has another operationId',
  ],
  [
    'another scope',
    ({ paths }) => (paths['/v1/events'].get.security[0].bearer = ['events:write']),
    'GET /v1/events: requires events:write',
  ],
  [
    'a key that was not required before',
    ({ paths }) => (paths['/status/{eventId}'].get.security = [{ bearer: [] }]),
    'GET /status/{eventId}: requires a key',
  ],
  [
    'a removed query field',
    ({ paths }) =>
      (paths['/v1/bookings'].get.parameters = paths['/v1/bookings'].get.parameters.filter(
        ({ name }: Parts) => name !== 'page',
      )),
    'GET /v1/bookings: query page is gone',
  ],
  [
    'a newly required query field',
    ({ paths }) =>
      paths['/v1/events'].get.parameters.push({
        name: 'year',
        in: 'query',
        required: true,
        schema: {},
      }),
    'GET /v1/events: query year is required',
  ],
  [
    'a removed request field',
    ({ components }) => delete components.schemas.BookRequest.properties.qty,
    'POST /book: request.qty is gone',
  ],
  [
    'a newly required request field',
    ({ components }) => components.schemas.BookRequest.required.push('quantity'),
    'POST /book: request.quantity is required',
  ],
  [
    'a request field with a lower maximum',
    ({ components }) => (components.schemas.HoldRequest.properties.ttlSeconds.maximum = 60),
    'POST /v1/holds: request.ttlSeconds has another maximum',
  ],
  [
    'a request field with fewer values',
    ({ components }) => components.schemas.BookRequest.properties.onSoldOut.enum.pop(),
    'POST /book: request.onSoldOut has other values',
  ],
  [
    'a request field that no longer accepts null',
    ({ components }) => (components.schemas.EditRequest.properties.venue.type = 'string'),
    'PATCH /v1/events/{id}: request.venue has another type',
  ],
  [
    'a newly required alternative to a request field',
    ({ components }) => (components.schemas.BookRequest.else.required = ['identifier', 'qty']),
    'POST /book: request has another else',
  ],
  [
    'a newly required nested request field',
    ({ components }) => components.schemas.SectionRequest.required.push('price'),
    'POST /v1/events: request.sections[].price is required',
  ],
  [
    'a removed answer field',
    ({ components }) => {
      delete components.schemas.Ticket.properties.seatId;
    },
    'GET /v1/bookings/{id}: 200.tickets[].seatId is gone',
  ],
  [
    'an answer field that may be missing',
    ({ components }) => components.schemas.Hold.required.shift(),
    'GET /v1/holds/{id}: 200.id may be missing',
  ],
  [
    'an answer field that may be null',
    ({ components }) => (components.schemas.Hold.properties.userId.type = ['string', 'null']),
    'GET /v1/holds/{id}: 200.userId has another type',
  ],
  [
    'an answer field with another value',
    ({ components }) => components.schemas.Seat.properties.status.enum.push('BROKEN'),
    'GET /v1/events/{id}/seats: 200.data[].status has other values',
  ],
  [
    'another alternative answer',
    ({ components }) => components.schemas.BookedOrWaiting.oneOf.push({ type: 'object' }),
    'POST /book: 201 has other alternatives',
  ],
  [
    'a removed header',
    ({ paths }) => delete paths['/v1/holds'].post.responses[201].headers.Location,
    'POST /v1/holds: 201 has no header Location',
  ],
  [
    'another status',
    ({ paths }) => {
      const { responses } = paths['/v1/holds'].post;
      responses[200] = responses[201];
      delete responses[201];
    },
    'POST /v1/holds: no longer answers 201',
  ],
];

const HARMLESS: readonly (readonly [what: string, change: (document: Parts) => void])[] = [
  ['nothing', () => undefined],
  ['a new path', ({ paths }) => (paths['/v2/book'] = paths['/book'])],
  [
    'a new optional request field',
    ({ components }) => (components.schemas.BookRequest.properties.note = { type: 'string' }),
  ],
  [
    'a request field that is no longer required',
    ({ components }) => components.schemas.BookRequest.required.pop(),
  ],
  [
    'a request field with a higher maximum',
    ({ components }) => (components.schemas.HoldRequest.properties.ttlSeconds.maximum = 1e6),
  ],
  [
    'a new answer field',
    ({ components }) => {
      components.schemas.Ticket.properties.colour = { type: 'string' };
      components.schemas.Ticket.required.push('colour');
    },
  ],
  [
    'an operation that no longer requires a scope',
    ({ paths }) => (paths['/v1/bookings'].get.security[0].bearer = []),
  ],
  ['another summary', ({ paths }) => (paths['/book'].post.summary = 'Book')],
];

describe('breaksBetween', () => {
  const document = () => JSON.parse(text) as Parts;
  const breaksOf = (change: (changed: Parts) => void): string[] => {
    const changed = document();
    change(changed);
    return breaksBetween(document() as OpenApiDocument, changed as OpenApiDocument);
  };

  it.each(BREAKS)('finds %s', (_, change, found) => {
    expect(breaksOf(change)).toContain(found);
  });

  it.each(HARMLESS)('accepts %s', (_, change) => {
    expect(breaksOf(change)).toEqual([]);
  });
});
