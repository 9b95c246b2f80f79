import { BOOKINGS, HOLDS, WAITLIST } from './allocations.js';
import { EVENTS } from './events.js';
import { PLACES } from './places.js';
import type { FieldSchema, ProblemFacts, ProblemFactsByCode } from './problem-facts.js';
import { FOREIGN_PAGES, KEYS, REQUESTS } from './requests.js';
import { SERVICE } from './service.js';

/** Whether a chapter says which of its problems are stored; none of the others are. */
interface Chapter {
  readonly problems: ProblemFactsByCode;
  readonly hasStored: boolean;
}

/** The tables of docs/errors.md, by the names in their marks. */
const CHAPTERS: Readonly<Record<string, Chapter>> = {
  places: { problems: PLACES, hasStored: true },
  bookings: { problems: BOOKINGS, hasStored: true },
  holds: { problems: HOLDS, hasStored: true },
  waitlist: { problems: WAITLIST, hasStored: true },
  events: { problems: EVENTS, hasStored: true },
  keys: { problems: KEYS, hasStored: false },
  pages: { problems: FOREIGN_PAGES, hasStored: false },
  requests: { problems: REQUESTS, hasStored: false },
  service: { problems: SERVICE, hasStored: false },
};

const TABLE = /(<!-- errors: (\w+), [^>]*-->\n\n)[^]*?(\n\n<!-- end of errors -->)/g;

/** @returns the document, with the tables between its marks as the catalogue has them */
export const withProblemTables = (document: string): string =>
  document.replaceAll(TABLE, (_, start: string, name: string, end: string) => {
    const chapter = CHAPTERS[name];
    if (chapter === undefined) throw new Error(`The catalogue has no chapter "${name}"`);
    return start + tableOf(chapter) + end;
  });

function tableOf({ problems, hasStored }: Chapter): string {
  const titles = ['`code`', 'status', 'further fields', 'stored', 'meaning', 'what to do'];
  const table = [
    titles,
    titles.map(() => '---'),
    ...Object.entries(problems).map(([code, facts]) => cellsOf(code, facts)),
  ];
  const shown = table.map((cells) => (hasStored ? cells : cells.toSpliced(3, 1)));
  return shown.map((cells) => `|${cells.map(padded).join('|')}|`).join('\n');
}

const padded = (cell: string): string => (cell === '' ? ' ' : ` ${cell} `);

const cellsOf = (code: string, facts: ProblemFacts): string[] => [
  `\`${code}\``,
  String(facts.status),
  fieldsAsText(facts),
  facts.isStored === true ? 'yes' : 'no',
  facts.meaning,
  facts.action ?? '',
];

function fieldsAsText({ fields = {} }: ProblemFacts): string {
  const texts = Object.entries(fields).map(([name, schema]) => {
    const values = valuesAsText(schema);
    return values === '' ? `\`${name}\`` : `\`${name}\`: ${values}`;
  });
  return texts.join(texts.some((text) => text.includes(':')) ? '; ' : ', ');
}

function valuesAsText({ description, enum: values, const: value }: FieldSchema): string {
  if (typeof description === 'string') return description;
  const all = Array.isArray(values) ? values : [value];
  return value === undefined && values === undefined
    ? ''
    : all.map((one) => `\`${JSON.stringify(one)}\``).join(' or ');
}
