interface Tag {
  readonly name: string;
  readonly description: string;
  readonly addresses: RegExp;
}

/** Chapters of the document, in their order. An address belongs to the first that knows it. */
const TAGS: readonly Tag[] = [
  {
    name: 'Four verbs',
    description: 'Open, book, cancel, look: short, without a version, and they stay as they are.',
    addresses: /^\/(?:initialize|book|cancel|status\/.*)$/,
  },
  {
    name: 'Seats',
    description: 'Places with numbers: a plan of the house, and one seat at a time.',
    addresses: /^\/v1\/(?:events\/\{id\}\/)?seats/,
  },
  {
    name: 'Events',
    description: 'Opened, edited, published, called off, counted again.',
    addresses: /^\/v1\/events/,
  },
  {
    name: 'Bookings',
    description: 'Places that are sold, and their tickets.',
    addresses: /^\/v1\/bookings/,
  },
  {
    name: 'Holds',
    description: 'Places kept for a while, for whoever is about to pay.',
    addresses: /^\/v1\/holds/,
  },
  {
    name: 'Line',
    description: 'Who waits, at which position, and what he is offered.',
    addresses: /^\/v1\/waitlist/,
  },
  {
    name: 'Operations',
    description: 'For those who look after the service.',
    addresses: /^/,
  },
];

export const TAG_OBJECTS = TAGS.map(({ name, description }) => ({ name, description }));

export const tagOf = (path: string): string =>
  TAGS.find(({ addresses }) => addresses.test(path))!.name;
