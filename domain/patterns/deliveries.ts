// Which deliveries does an engagement have, each from its start to its go-live?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import type { Facts } from '../engagement/facts.ts';

type Effort = RecordedOf<'DeliveryStarted' | 'WorkLogged' | 'DeviationRecorded'>;

export interface Delivery {
  /** The first start. A further one before the go-live bases the same delivery anew. */
  readonly started: RecordedOf<'DeliveryStarted'>;
  /** Its starts, its implementation work and its customisation up to the go-live, in fold order. */
  readonly efforts: readonly Effort[];
  /** The go-live that completes it; undefined while it is under way. */
  readonly live: RecordedOf<'MilestoneReached'> | undefined;
}

const isEffort = (event: RecordedEvent): event is Effort =>
  event.type === 'DeliveryStarted' ||
  (event.type === 'WorkLogged' && event.data.category === 'implementation') ||
  (event.type === 'DeviationRecorded' && event.data.kind === 'customisation');

/**
 * The deliveries, in order. All implementation work up to the first go-live is work on the first delivery, also before its
 * start; what follows a go-live belongs to the next delivery from its start on. Work at the instant of a go-live comes before it.
 */
export const deliveriesOf = ({ events }: Pick<Facts, 'events'>): readonly Delivery[] => {
  const deliveries: Delivery[] = [];
  let efforts: Effort[] = [];
  let live: Delivery['live'];
  let isFirst = true;
  const end = (): void => {
    const started = efforts.find((event) => event.type === 'DeliveryStarted');
    if (started !== undefined) deliveries.push({ started, efforts, live });
    if (live !== undefined) isFirst = false;
    efforts = [];
    live = undefined;
  };
  for (const event of events) {
    if (live !== undefined && event.occurredAt > live.occurredAt) end();
    if (event.type === 'MilestoneReached' && event.data.milestone === 'go_live') live ??= event;
    if (isEffort(event) && (isFirst || efforts.length > 0 || event.type === 'DeliveryStarted')) efforts.push(event);
  }
  end();
  return deliveries;
};
