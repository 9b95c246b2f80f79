export { OutboxMessageEntity } from './outbox-message.entity.js';
export { isInOutbox, outboxInsert, type OutboxRow } from './outbox.js';
export { messagesOf, type StoredMessage, type StoredRow } from './read-outbox.js';
