/**
 * What one BulkAddQueueItems call carries. No document gives the server's own bound; these keep a call small enough
 * for a gateway's time limit and body limit. An AllOrNothing set must fit into one call.
 */
export const bulkLimits = { items: 1000, bytes: 1_000_000 } as const;
