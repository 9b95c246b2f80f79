import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import type { RandomChoices } from './random-choices.js';
import { CANARY } from './hostile-values.js';
import { type Operation, resolve, type Schema } from './operations.js';
import { somebody } from './people.js';
import { type Kind, type KnownEvent, unknownId } from './known-events.js';

/** Texts for fields with a pattern; each is used where it fits. */
const SAMPLES: readonly string[] = [
  [`Twelfth Night ${CANARY}`, `Première 夜 🎭 ${CANARY}`, 'A', 'B', 'C7', 'EUR', 'JPY'],
  ['2027-03-01T19:30:00Z', '2027-03-01T23:00:00+02:00', '2028-02-29T00:00:00.123Z'],
].flat();

/** The kind of thing that a field names by its id. */
const KIND_OF_FIELD: Readonly<Record<string, Kind>> = {
  sectionId: 'section',
  seatIds: 'seat',
  ticketIds: 'ticket',
  bookingId: 'booking',
  id: 'section',
};

const KIND_OF_PATH: readonly (readonly [start: string, kind: Kind])[] = [
  ['/v1/bookings/', 'booking'],
  ['/v1/holds/', 'hold'],
  ['/v1/seats/', 'seat'],
  ['/v1/waitlist/', 'entry'],
];

/** Generates valid input of an operation, from its schemas and existing things. */
export class ValidValues {
  constructor(
    private readonly document: OpenApiDocument,
    private readonly event: KnownEvent,
    private readonly random: RandomChoices,
  ) {}

  body({ body, examples }: Operation): unknown {
    if (body === undefined) return undefined;
    // A body that fits its schema rarely makes sense as a whole; the examples do.
    const isMade = examples.length === 0 || this.random.percent(40);
    const value = isMade ? this.of(body, '') : this.adapted(this.random.pick(examples), '');
    return this.withSection(value as Schema, resolve(this.document, body));
  }

  /** Most events here have two sections, so one of them must be named. */
  private withSection(value: Schema, { properties }: Schema): Schema {
    if (!('sectionId' in (properties as Schema)) || this.random.percent(15)) return value;
    return { ...value, sectionId: this.event.id('section', this.random) };
  }

  /** An id in the path; rarely an unknown one. */
  idIn(path: string): string {
    const [, kind] = KIND_OF_PATH.find(([start]) => path.startsWith(start)) ?? [];
    if (this.random.percent(7)) return unknownId(this.random.below(2 ** 30));
    return kind === undefined ? this.event.eventId : this.event.id(kind, this.random);
  }

  of(part: Schema, field: string): unknown {
    const schema = resolve(this.document, part);
    const choices = (schema['anyOf'] ?? schema['oneOf'] ?? schema['enum']) as readonly unknown[];
    if (choices !== undefined) {
      const choice = this.random.pick(choices);
      return schema['enum'] === undefined ? this.of(choice as Schema, field) : choice;
    }
    const type = this.random.pick([schema['type']].flat());
    if (type === 'object') return this.object(schema);
    if (type === 'array') return this.list(schema, field);
    if (type === 'integer') return this.integer(schema);
    if (type === 'boolean') return this.random.percent(50);
    return type === 'null' ? null : this.text(schema, field);
  }

  private object(schema: Schema): Schema {
    const { required = [], properties, else: otherwise } = schema as unknown as ObjectSchema;
    const needed = [...required, ...(otherwise?.required ?? [])];
    const names = Object.keys(properties).filter(
      (name) => needed.includes(name) || this.random.percent(15),
    );
    return Object.fromEntries(names.map((name) => [name, this.of(properties[name]!, name)]));
  }

  private list(schema: Schema, field: string): readonly unknown[] {
    const { minItems = 0, items } = schema as { minItems?: number; items: Schema };
    const values = Array.from({ length: minItems + this.random.below(3) }, () =>
      this.of(items, field),
    );
    return schema['uniqueItems'] === true ? [...new Set(values)] : values;
  }

  private integer({ minimum = 0, maximum }: Schema): number {
    const [from, to] = [Number(minimum), Number(maximum)];
    if (this.random.percent(25)) return this.random.pick([from, to]);
    return Math.min(from + this.random.below(this.random.pick([2, 4, 600])), to);
  }

  private text(schema: Schema, field: string): string {
    if (field === 'identifier' || field === 'userId') return somebody(this.random);
    if (schema['format'] === 'uuid') return this.idOf(field);
    const pattern = new RegExp((schema['pattern'] as string | undefined) ?? '', 'u');
    const { maxLength = Infinity } = schema as { maxLength?: number };
    const fitting = SAMPLES.filter((text) => text.length <= maxLength && pattern.test(text));
    if (fitting.length === 0) throw new Error(`No sample fits ${String(pattern)}: add one`);
    return this.random.pick(fitting);
  }

  /** An example with its ids and people replaced by existing ones. */
  private adapted(example: unknown, field: string): unknown {
    if (Array.isArray(example)) return example.map((part) => this.adapted(part, field));
    if (typeof example === 'object' && example !== null) {
      const pairs = Object.entries(example);
      return Object.fromEntries(pairs.map(([name, value]) => [name, this.adapted(value, name)]));
    }
    if (field === 'identifier') return somebody(this.random);
    return field === 'eventId' || field in KIND_OF_FIELD ? this.idOf(field) : example;
  }

  private idOf(field: string): string {
    if (this.random.percent(4)) return unknownId(this.random.below(2 ** 30));
    const kind = KIND_OF_FIELD[field];
    return kind === undefined ? this.event.eventId : this.event.id(kind, this.random);
  }
}

interface ObjectSchema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly else?: { readonly required: readonly string[] };
}
