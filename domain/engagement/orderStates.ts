// Is an order held up, cancelled or fulfilled, and since when?
import type { RecordedEvent, RecordedOf } from '../../events/catalog.ts';
import { inFoldOrder } from '../history.ts';
import type { Facts } from './facts.ts';

/** What stopped an order, and what ended that: it went on, was fulfilled or was cancelled. */
export interface Block {
  readonly event: RecordedOf<'OrderBlocked'>;
  /** Undefined while it lasts. */
  readonly endedBy: RecordedOf<'OrderUnblocked' | 'OrderFulfilled' | 'OrderCancelled'> | undefined;
}

export interface OrderState {
  /** The first fulfilment. */
  readonly fulfilled: RecordedOf<'OrderFulfilled'> | undefined;
  /** Every fulfilment, in fold order. */
  readonly fulfilments: readonly RecordedOf<'OrderFulfilled'>[];
  /** The cancellation that holds: the last one after which no claim has placed the order anew. */
  readonly cancelled: RecordedOf<'OrderCancelled'> | undefined;
  /** Everything that stopped it, in fold order. */
  readonly blocks: readonly Block[];
}

type Steering = RecordedOf<'OrderPlaced' | 'OrderBlocked' | 'OrderUnblocked' | 'OrderCancelled' | 'OrderFulfilled'>;
type Named = Exclude<Steering, { readonly type: 'OrderPlaced' }>;

/** The facts that name an order by one of its keys, in fold order. */
export const namingOrders = (facts: Facts): readonly Named[] =>
  [
    ...facts.of('OrderBlocked'),
    ...facts.of('OrderUnblocked'),
    ...facts.of('OrderCancelled'),
    ...facts.of('OrderFulfilled'),
  ].sort(inFoldOrder);

/** The state of one order, by its claims and by the facts that name it. A fulfilled order waits for nothing any more. */
export const orderStateOf = (claims: readonly RecordedOf<'OrderPlaced'>[], named: readonly Named[]): OrderState => {
  const fulfilments: RecordedOf<'OrderFulfilled'>[] = [];
  let cancelled: OrderState['cancelled'];
  const blocks: Block[] = [];
  const endBlocks = (endedBy: NonNullable<Block['endedBy']>): void => {
    for (const [index, block] of blocks.entries())
      if (block.endedBy === undefined) blocks[index] = { ...block, endedBy };
  };
  const steering: readonly Steering[] = named.some(({ type }) => type === 'OrderCancelled')
    ? [...claims, ...named].sort(inFoldOrder)
    : named;
  for (const event of steering) {
    switch (event.type) {
      case 'OrderPlaced':
        cancelled = undefined;
        break;
      case 'OrderBlocked':
        if (fulfilments.length === 0 && cancelled === undefined) blocks.push({ event, endedBy: undefined });
        break;
      case 'OrderUnblocked':
        endBlocks(event);
        break;
      case 'OrderCancelled':
        cancelled = event;
        endBlocks(event);
        break;
      case 'OrderFulfilled':
        fulfilments.push(event);
        endBlocks(event);
        break;
      default:
        event satisfies never;
    }
  }
  return { fulfilled: fulfilments[0], fulfilments, cancelled, blocks };
};

/** What stops an order at an instant; undefined if it goes on, or is over. `blocks` are those of one order. */
export const blockAt = (blocks: readonly Block[], at: RecordedEvent['occurredAt']): Block | undefined =>
  blocks.find(({ event, endedBy }) => event.occurredAt <= at && (endedBy === undefined || endedBy.occurredAt > at));
