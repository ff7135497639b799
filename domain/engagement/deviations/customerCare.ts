// Where do facts name a report or a ticket that nobody knows, or a score that its scale does not have?
import { isOnScale } from '../../satisfaction.ts';
import { type CheckOf, deviation, groupedBy } from './deviation.ts';

export const careKinds = ['acknowledgedUnknownReport', 'ticketUnknown', 'scoreOffScale'] as const;
type CareKind = (typeof careKinds)[number];

const acknowledgements: CheckOf<CareKind> = (engagement) => {
  const delivered = new Set(engagement.of('ValueReported').map(({ data }) => data.reportId));
  const unknown = engagement.of('ReportAcknowledged').filter(({ data }) => !delivered.has(data.reportId));
  return groupedBy(unknown, ({ data }) => data.reportId).map(([id, events]) =>
    deviation('acknowledgedUnknownReport', id, events),
  );
};

const tickets: CheckOf<CareKind> = (engagement) => {
  const opened = new Set(engagement.of('TicketOpened').map(({ data }) => data.ticketId));
  const unknown = engagement.of('TicketProgressed').filter(({ data }) => !opened.has(data.ticketId));
  return groupedBy(unknown, ({ data }) => data.ticketId).map(([id, events]) => deviation('ticketUnknown', id, events));
};

const scores: CheckOf<CareKind> = (engagement) =>
  engagement
    .of('SatisfactionRecorded')
    .filter(({ data }) => !isOnScale(data))
    .map((event) => deviation('scoreOffScale', `${event.data.scale} ${event.data.score}`, [event]));

export const careChecks: readonly CheckOf<CareKind>[] = [acknowledgements, tickets, scores];
