/** Conversations can be pinned. Nothing that is stored changes, so it may follow any version. */
import type { Migration } from '../migrations.ts';

export const pinConversations: Migration = (database) => {
  database.createObjectStore('pins', { keyPath: ['accountId', 'conversationId'] });
};
