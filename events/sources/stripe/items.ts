// Which items has a subscription, in any version of the API?
import { at, flagAt, isObject, type Json, listAt, textAt } from '../sourceJson.ts';

export interface Items {
  readonly items: readonly Json[];
  /** Whether the message holds only the first page of them. A part is never taken for the whole. */
  readonly cutOff: boolean;
}

/** The fields of a subscription that are an item's own where there are no items, as before API version 2016-07-06. */
const itemFields = ['plan', 'quantity', 'current_period_start', 'current_period_end'] as const;

/** The items of a subscription object. */
export const itemsOf = (subscription: Json): Items => {
  const items = listAt(subscription, 'items.data');
  const cutOff = flagAt(subscription, 'items.has_more') === true;
  if (items.length > 0 || cutOff || !isObject(at(subscription, 'plan'))) return { items, cutOff };
  const own = itemFields.flatMap((field) => {
    const value = at(subscription, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return { items: [Object.fromEntries(own)], cutOff };
};

/** Whether the items may have several intervals. Then the items that are cut off may be longer than those that are shown. */
export const mayMixIntervals = (subscription: Json): boolean =>
  textAt(subscription, 'billing_mode.type') === 'flexible';
