// Which messages do the sample's other systems send? CloudEvents: most use our catalog's types, the distributor uses its own.
import { uuidOf } from '../../events/identifiers.ts';
import type { SystemName, Webhook } from './sampleMessage.ts';

type Sender = Exclude<SystemName, 'crm' | 'billing'>;

const sources: Readonly<Record<Sender, string>> = {
  distributor: 'https://distributor.arrowline.example/orders',
  marketplaces: 'https://listings.northwind.example/marketplaces',
  hub: 'https://partners.northwind.example',
  delivery: 'https://delivery.northwind.example/projects',
  telemetry: 'https://telemetry.northwind.example',
};

export interface Saying {
  readonly system: Sender;
  readonly at: string;
  readonly type: string;
  /** The subject of the event; absent where the data names it. */
  readonly subject?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The event as JSON. Its id is made from its content, so each run of the sample has the same ids. */
const eventOf = ({ system, at, type, subject, data }: Saying) => ({
  specversion: '1.0',
  id: uuidOf('cloudevent', system, type, subject ?? '', at, JSON.stringify(data)),
  source: sources[system],
  type,
  time: at,
  ...(subject === undefined ? {} : { subject }),
  datacontenttype: 'application/json',
  data,
});

export const cloudEvent = (saying: Saying): Webhook => {
  const body = eventOf(saying);
  return { system: saying.system, id: body.id, at: saying.at, body };
};

/** Several events of one sender in one message, as telemetry sends its measurements. */
export const batchOf = (events: readonly Webhook[]): Webhook | undefined => {
  const last = events.at(-1);
  if (last === undefined || events.length === 1) return last;
  const id = uuidOf('batch', ...events.map((event) => event.id));
  return { system: last.system, id, at: last.at, body: events.map(({ body }) => body) };
};
