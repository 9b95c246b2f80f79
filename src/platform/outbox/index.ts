export { OutboxMessageEntity } from './outbox-message.entity.js';
export { isInOutbox, outboxInsert } from './outbox.js';
