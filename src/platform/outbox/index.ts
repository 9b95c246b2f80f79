export { OutboxMessageEntity } from './outbox-message.entity.js';
export { messagesOf, type OutboxRow, type StoredMessage } from './read-outbox.js';
export { isInOutbox, outboxInsert } from './outbox.js';
