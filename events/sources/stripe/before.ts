// What was an object before its update, as far as the update's `previous_attributes` say?
import { at, isList, isObject, type Json, type JsonObject, SourceNumber, textAt } from '../sourceJson.ts';

const without = (object: JsonObject, fields: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)));

/** For each of the elements, the one in the list that has the same id; without an id, the one at the same place. */
const fellowsOf = (elements: readonly Json[], list: readonly Json[]): readonly (Json | undefined)[] => {
  // Of several with one id, the first counts: a later entry of a Map takes the place of an earlier one.
  const byId = new Map(list.toReversed().map((other) => [textAt(other, 'id'), other]));
  return elements.map((element, place) => {
    const id = textAt(element, 'id');
    return id === undefined ? list[place] : byId.get(id);
  });
};

/** Whole objects name their type. Some senders give only the fields of an element that changed. */
const isWhole = (element: Json): boolean => textAt(element, 'object') !== undefined;

/**
 * The list before. If its elements are whole, it was just them (API versions after 2017-04-06 give the entire list),
 * else the elements that are not named were as they are now.
 */
const listBefore = (now: readonly Json[], previous: readonly Json[]): readonly Json[] => {
  const fellows = fellowsOf(previous, now);
  const changed = previous.map((element, place) => before(fellows[place], element));
  if (previous.length === 0 || previous.every(isWhole) || !previous.every(isObject)) return changed;
  const named = new Set(fellows);
  return [...changed, ...now.filter((element) => !named.has(element))];
};

/** An item of which the older `plan` alone is told: the price beside it is the one from now on, not what was. */
const withoutTwin = (merged: JsonObject, previous: JsonObject): JsonObject =>
  isObject(at(previous, 'plan')) && at(previous, 'price') === undefined ? without(merged, ['price']) : merged;

/** The value with the previous values over it, as deep as they go. A list counts by the ids of its elements. */
export const before = (now: Json | undefined, previous: Json): Json => {
  if (isList(previous)) return listBefore(isList(now) ? now : [], previous);
  if (previous instanceof SourceNumber || !isObject(previous)) return previous;
  const base = isObject(now) ? now : {};
  const merged = Object.entries(previous).map(([key, value]) => [
    key,
    before(Object.hasOwn(base, key) ? base[key] : undefined, value),
  ]);
  return withoutTwin({ ...base, ...Object.fromEntries(merged) }, previous);
};

const periodFields = ['current_period_start', 'current_period_end'] as const;

/**
 * A subscription before its update. What older API versions keep in the subscription itself counts for its items too,
 * where the update tells only the subscription's own fields.
 */
export const subscriptionBefore = (now: JsonObject, previous: Json | undefined): JsonObject => {
  if (!isObject(previous)) return now;
  const merged = before(now, previous);
  const items = at(merged, 'items.data');
  if (!isObject(merged) || at(previous, 'items') !== undefined || !isList(items))
    return isObject(merged) ? merged : now;
  const [only] = items;
  const own = items.length === 1 ? ['quantity', 'plan'] : [];
  const told = Object.fromEntries(
    [...own, ...periodFields].flatMap((field) => {
      const value = at(previous, field);
      return value === undefined ? [] : [[field, value] as const];
    }),
  );
  if (Object.keys(told).length === 0 || only === undefined) return merged;
  const data = items.map((item) => before(item, told));
  return { ...merged, items: { ...(isObject(merged.items) ? merged.items : {}), data } };
};
