export { OutboxMessageEntity } from './outbox-message.entity.js';
export { isInOutbox, outboxInsert, type OutboxRow } from './outbox.js';
