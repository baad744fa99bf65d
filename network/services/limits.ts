/** Limits of the public network (docs/wire.md#limits). */

/** About 1 MB; counted on the encrypted message. */
export const longestMessage = 1024 * 1024;
export const commitLogInserts = 10;
export const commitLogQueries = 20;
export const identityUpdatesPerInbox = 256;
export const installationsPerInbox = 10;
/** Clients ask for up to a thousand groups in one call. */
export const newestMessagesPerCall = 1000;
