// What stands around a connection that is bound to a partner in its tests? A CRM and a partner's portal, and three engagements.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import { engagementReference, partnerReference } from '../../../events/sources/externalIds.ts';
import { streamOpenedBy } from '../../../functions/intake/openedByReference.ts';
import { startIntake } from './intake.ts';
import { cloudEventsRequest, connectionItem, tenant } from './intakeRequests.ts';
import { putItem } from './intakeTables.ts';

export const nordlys = partnerReference('NORDLYS');
export const fjordtek = partnerReference('FJORDTEK');
export const idOf = (party: typeof nordlys): string => parseStreamId(derivedPartyOf(tenant, party)).id;
export const streamOf = (reference: string): string => streamOpenedBy(tenant, engagementReference(reference));
export const about = (reference: string): string => `engagement/${reference}`;

export const crm = {
  ...{ connection: 'c-crm', account: 'crm' },
  alsoAllows: ['EngagementOpened', 'PartnerAssigned', 'DealClosed'],
};
export const bound = {
  ...{ connection: 'c-bound', account: 'portal', partner: idOf(nordlys) },
  alsoAllows: ['EngagementOpened'],
};

export interface Said {
  readonly type: string;
  readonly subject?: string;
  readonly data: object;
  readonly time?: string;
}

let sent = 0;
export const eventOf = ({ type, ...said }: Said) => {
  sent += 1;
  return { specversion: '1.0', source: '/s', id: `e-${sent}`, type: `throughline.${type}`, ...said };
};

/** A new intake: the CRM has opened OURS (led by Nordlys, to which the portal is bound), THEIRS (led by Fjordtek) and DIRECT. */
export const startBoundChannel = async (client: DynamoDBClient) => {
  const intake = await startIntake({ client });
  const connect = (given: Readonly<Record<string, unknown>>) =>
    putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', given));
  const pass = (ms: number): void => intake.setTime(new Date(Date.parse(intake.now()) + ms).toISOString());
  const post = async (connection: string, body: unknown): Promise<void> => {
    pass(1);
    await intake.receive(cloudEventsRequest(JSON.stringify(body), intake.now(), connection));
    await intake.settle();
  };
  const fromCrm = (said: Said) => post('c-crm', eventOf(said));
  const reasons = async () =>
    (await intake.receiptRows()).map(({ status, reason = '' }) => `${status} ${reason}`.trim());
  const eventsIn = async (stream: string) => (await intake.store.load(stream)).events;
  await Promise.all([connect(crm), connect(bound)]);
  await fromCrm({ type: 'EngagementOpened', subject: about('OURS'), data: { leadPartner: nordlys } });
  await fromCrm({ type: 'EngagementOpened', subject: about('THEIRS'), data: { leadPartner: fjordtek } });
  await fromCrm({ type: 'EngagementOpened', subject: about('DIRECT'), data: {} });
  return {
    ...{ intake, connect, pass, post, fromCrm, reasons, eventsIn },
    fromBound: (said: Said) => post('c-bound', eventOf(said)),
    /** How the last receipt stands, with its reason. */
    last: async () => (await reasons()).at(-1),
    typesIn: async (stream: string) => (await eventsIn(stream)).map(({ type }) => type),
  };
};
export type BoundChannel = Awaited<ReturnType<typeof startBoundChannel>>;
