// What does AWS ask for what the pipeline uses? List prices, in one place, with their date.

/** us-east-1, on demand, without free tiers, as published on 23 November 2026. Dollars. */
export const prices = {
  on: '2026-11-23',
  region: 'us-east-1',
  /** A million of each. */
  perMillion: {
    writeUnits: 0.625,
    readUnits: 0.125,
    /** A custom or partner event of up to 64 KB; delivery in the account is free. */
    busEvents: 1,
    /** A request of a standard queue, of up to 64 KB. */
    queueRequests: 0.4,
    invocations: 0.2,
    /** Calls of the HTTP API. */
    httpRequests: 1,
    /** Lambda on arm64. */
    gigabyteSeconds: 13.3334,
    /** Bytes that the archive of the bus takes in: $0.10 a GB. */
    archivedBytes: 0.0001,
    /** Bytes of logs taken in: $0.50 a GB. */
    loggedBytes: 0.0005,
  },
  /** A GB of DynamoDB for a month, and its continuous backup. */
  storedGigabyteMonth: 0.25,
  backedUpGigabyteMonth: 0.2,
} as const;

export type Unit = keyof typeof prices.perMillion;
