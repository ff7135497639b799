// What is one message of the sample channel? It has a connection, the time at which it was sent, and a text.

/** The outside systems of the sample, each connected once. */
export const systemNames = ['crm', 'billing', 'distributor', 'marketplaces', 'hub', 'delivery', 'telemetry'] as const;
export type SystemName = (typeof systemNames)[number];

interface Said {
  /** The sender's own id of the message: a repetition has the same. */
  readonly id: string;
  /** When it happened, as the sender says. */
  readonly at: string;
}

/** A record or platform event of the CRM, on its partner bus. */
export interface BusMessage extends Said {
  readonly system: 'crm';
  readonly detailType: string;
  readonly detail: object;
}

/** A webhook's body. */
export interface Webhook extends Said {
  readonly system: Exclude<SystemName, 'crm'>;
  readonly body: object;
}

export type SampleMessage = BusMessage | Webhook;
