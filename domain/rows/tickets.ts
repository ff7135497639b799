// Which tickets did the customer open, and how long did each take?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import type { RecordedOf } from '../../events/catalog.ts';
import { epochOf, type Instant } from '../../events/instant.ts';
import { At, carriedByEngagement, ledBy } from './commonColumns.ts';
import { carried, ledByAt, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

const statuses = ['open', 'in_progress', 'waiting_customer', 'resolved', 'reopened', 'closed', 'merged'] as const;

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    ledBy,
    ticketId: z.string().describe('The ticket.'),
    subscriptionId: z.string().nullable().describe('The subscription that it concerns; null if none is said.'),
    priority: z.string().nullable().describe('Its priority, in the words of its source.'),
    kind: z.string().nullable().describe('What kind of ticket it is, in the words of its source.'),
    status: z.enum(statuses).describe('Its status now.'),
    openedAt: At.nullable().describe('When it was opened; null if only its progress is known.'),
    resolvedAt: At.nullable().describe('When it was last resolved or closed; null while it is open.'),
    minutes: z
      .int()
      .nullable()
      .describe(
        'Whole minutes from opening to that, by the clock; null while it is open, or if its opening is not known.',
      ),
    waitingMinutes: z.int().describe('Whole minutes of finished waits for the customer.'),
    reopened: z.int().describe('How often it was opened again.'),
    mergedInto: z.string().nullable().describe('The ticket that it was merged into.'),
  }),
});

type TicketEvent = RecordedOf<'TicketOpened' | 'TicketProgressed'>;

const minutesBetween = (from: Instant, to: Instant): number => Math.floor((epochOf(to) - epochOf(from)) / 60_000);

/** The time that a ticket waited for the customer: from each such status to the next fact about the ticket. */
const waited = (own: readonly TicketEvent[]): number =>
  own.reduce((sum, event, index) => {
    const next = own[index + 1];
    const waits = event.type === 'TicketProgressed' && event.data.status === 'waiting_customer' && next !== undefined;
    return waits ? sum + minutesBetween(event.occurredAt, next.occurredAt) : sum;
  }, 0);

const isDone = (status: (typeof statuses)[number]): boolean =>
  status === 'resolved' || status === 'closed' || status === 'merged';

/** When the ticket was done: the first fact of its last run of done statuses. */
const doneAt = (progressed: readonly RecordedOf<'TicketProgressed'>[]): Instant | null => {
  const lastOpen = progressed.findLastIndex(({ data }) => !isDone(data.status));
  return progressed[lastOpen + 1]?.occurredAt ?? null;
};

const ticketRows = (rowContext: RowContext) => {
  const { engagement } = rowContext;
  const about = engagement.events.filter(
    (event): event is TicketEvent => event.type === 'TicketOpened' || event.type === 'TicketProgressed',
  );
  return [...Map.groupBy(about, ({ data }) => data.ticketId)].map(([ticketId, own]) => {
    const opened = own.find((event) => event.type === 'TicketOpened');
    const progressed = own.filter((event) => event.type === 'TicketProgressed');
    const last = progressed.at(-1);
    const resolvedAt = doneAt(progressed);
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, own.at(-1)?.eventId),
      ledBy: ledByAt(rowContext, own[0]?.occurredAt ?? ''),
      ticketId,
      subscriptionId: opened?.data.subscriptionId ?? null,
      priority: opened?.data.priority ?? null,
      kind: opened?.data.kind ?? null,
      status: last?.data.status ?? 'open',
      openedAt: opened?.occurredAt ?? null,
      resolvedAt,
      minutes: opened === undefined || resolvedAt === null ? null : minutesBetween(opened.occurredAt, resolvedAt),
      waitingMinutes: waited(own),
      reopened: progressed.filter(({ data }) => data.status === 'reopened').length,
      mergedInto: progressed.findLast(({ data }) => data.mergedInto !== undefined)?.data.mergedInto ?? null,
    };
    return { key: { engagementId: cells.engagementId, ticketId }, columns: cells };
  });
};

export const tickets = defineTable({
  name: 'tickets',
  describes: 'One ticket of a customer.',
  grain: 'engagement',
  key: ['engagementId', 'ticketId'],
  columns,
  indexes: [byLeadPartner],
  rows: ticketRows,
  turns: () => [],
});
