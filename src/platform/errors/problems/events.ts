import { COUNT, type ProblemFactsByCode } from './problem-facts.js';

/** Events and their sections. */
export const EVENTS = {
  event_not_found: {
    status: 404,
    detail: 'This event does not exist.',
    meaning: 'The event does not exist',
    action: 'Check the id',
  },
  section_not_found: {
    status: 404,
    detail: 'This section does not exist in this event.',
    meaning: 'The event has no such section',
    action: "Take an id from the event's `sections`",
  },
  section_required: {
    status: 400,
    detail: 'This event has several sections. Send sectionId.',
    meaning: 'The event has several sections, and the request names none',
    action: 'Send `sectionId`',
  },
  capacity_below_sold: {
    status: 409,
    detail: 'More places than that are booked or held.',
    meaning: 'The new capacity is less than what is booked and held. Nothing was edited',
    action: 'Ask for at least `sold`',
    fields: { requested: COUNT, sold: { ...COUNT, description: 'places booked and held' } },
  },
  section_seated: {
    status: 409,
    detail: 'The capacity of a section with seats cannot change.',
    meaning: 'The capacity of a section with seats is its number of seats and cannot change',
    action: 'Add a section',
  },
  event_cancelled: {
    status: 409,
    detail: 'This event was cancelled.',
    meaning: 'The event was cancelled, so it cannot be edited or published',
    action: 'Create another event',
  },
  precondition_failed: {
    status: 412,
    detail: 'If-Match does not name the current version of the event. Read the event again.',
    meaning:
      'The `ETag` in `If-Match` is not that of the current version: as a rule, because the event was edited since the client read it',
    action: 'Read the event again, and repeat the edit with the new `ETag`',
  },
} as const satisfies ProblemFactsByCode;
