// What does AWS ask for what the pipeline uses? List prices, in one place, with their date and where each was read.

interface Price {
  readonly dollars: number;
  /** The page of AWS that names it, as it stood on the date of all prices. */
  readonly source: string;
}

/** us-east-1, on demand, without free tiers. */
export const prices = {
  on: '2026-11-23',
  region: 'us-east-1',
  /** A million of each. */
  perMillion: {
    writeUnits: { dollars: 0.625, source: 'DynamoDB pricing, on-demand capacity, write request units' },
    readUnits: { dollars: 0.125, source: 'DynamoDB pricing, on-demand capacity, read request units' },
    /** A custom or partner event of up to 64 KB; delivery in the account is free. */
    busEvents: { dollars: 1, source: 'EventBridge pricing, custom events' },
    /** A request of a standard queue, of up to 64 KB. */
    queueRequests: { dollars: 0.4, source: 'SQS pricing, standard queues' },
    invocations: { dollars: 0.2, source: 'Lambda pricing, requests' },
    /** Calls of the HTTP API. */
    httpRequests: { dollars: 1, source: 'API Gateway pricing, HTTP APIs' },
    /** Lambda on arm64; since August 2025 also while a process starts. */
    gigabyteSeconds: { dollars: 13.3334, source: 'Lambda pricing, Arm duration' },
    /** Bytes that the archive of the bus takes in: $0.10 a GB. */
    archivedBytes: { dollars: 0.0001, source: 'EventBridge pricing, archive processing' },
    /** Bytes of logs taken in: $0.50 a GB. */
    loggedBytes: { dollars: 0.0005, source: 'CloudWatch pricing, log ingestion' },
  },
  /** One of each for a month. */
  monthly: {
    alarmMetrics: { dollars: 0.1, source: 'CloudWatch pricing, standard resolution alarm metrics' },
    dashboards: { dollars: 3, source: 'CloudWatch pricing, custom dashboards' },
    customMetrics: { dollars: 0.3, source: 'CloudWatch pricing, custom metrics, first 10,000' },
    keys: { dollars: 1, source: 'KMS pricing, customer managed keys' },
    /** A GB of each. */
    storedGigabytes: { dollars: 0.25, source: 'DynamoDB pricing, data storage, standard class' },
    backedUpGigabytes: { dollars: 0.2, source: 'DynamoDB pricing, continuous backups' },
    loggedGigabytes: { dollars: 0.03, source: 'CloudWatch pricing, archived logs' },
    archivedGigabytes: { dollars: 0.023, source: 'EventBridge pricing, archive storage' },
  },
} as const satisfies {
  readonly on: string;
  readonly region: string;
  readonly perMillion: Readonly<Record<string, Price>>;
  readonly monthly: Readonly<Record<string, Price>>;
};

export type Unit = keyof typeof prices.perMillion;
export type MonthlyUnit = keyof typeof prices.monthly;

/** What so much of a unit costs, in dollars, where there is a million times as much of it. */
export const dollarsOf = (unit: Unit, amount: number): number => amount * prices.perMillion[unit].dollars;
