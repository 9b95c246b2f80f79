interface Tag {
  readonly name: string;
  readonly description: string;
  readonly paths: RegExp;
}

/** Chapters of the document, in their order. A path belongs to the first that matches. */
const TAGS: readonly Tag[] = [
  {
    name: 'Four verbs',
    description:
      'Create an event, book, cancel, read the status. Without a version: they stay as they are.',
    paths: /^\/(?:initialize|book|cancel|status\/.*)$/,
  },
  { name: 'Seats', description: 'Numbered places.', paths: /^\/v1\/(?:events\/\{id\}\/)?seats/ },
  {
    name: 'Events',
    description: 'Create, change, publish, cancel and audit events.',
    paths: /^\/v1\/events/,
  },
  { name: 'Bookings', description: 'Sold places and their tickets.', paths: /^\/v1\/bookings/ },
  {
    name: 'Holds',
    description: 'Places kept for a limited time, for example during payment.',
    paths: /^\/v1\/holds/,
  },
  {
    name: 'Waitlist',
    description: 'Waitlist entries, their positions and offers.',
    paths: /^\/v1\/waitlist/,
  },
  { name: 'Operations', description: 'Health checks.', paths: /^/ },
];

export const TAG_OBJECTS = TAGS.map(({ name, description }) => ({ name, description }));

export const tagOf = (path: string): string => TAGS.find(({ paths }) => paths.test(path))!.name;
