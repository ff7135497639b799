// In which order do the sample's messages arrive? Most arrive soon after they were sent, some late, some twice.
import { batchOf } from './cloudEvents.ts';
import { type Random, randomOf } from './random.ts';
import type { SampleMessage, Webhook } from './sampleMessage.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** Messages that must not wait for weeks: before a renewal names an engagement, the first opportunity must have named it. */
const isPunctual = (message: SampleMessage): boolean => message.system === 'crm';

const delayOf = (message: SampleMessage, random: Random): number => {
  const luck = random.between(0, 1);
  if (luck < 0.8) return random.between(0, 20) * minute;
  if (luck < 0.92) return random.between(0.02, 3) * day;
  if (luck < 0.97 || isPunctual(message)) return random.between(3, 20) * day;
  return random.between(20, 75) * day;
};

/** Systems that collect events, and how many each sends in one message. */
const gathering = { telemetry: 6, delivery: 4 } as const;

const isGathered = (message: SampleMessage): message is Webhook => message.system in gathering;

const batched = (messages: readonly Webhook[], size: number): readonly Webhook[] => {
  const sorted = [...messages].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  const batches: Webhook[] = [];
  for (let from = 0; from < sorted.length; from += size) {
    const batch = batchOf(sorted.slice(from, from + size));
    if (batch !== undefined) batches.push(batch);
  }
  return batches;
};

const gathered = (messages: readonly SampleMessage[]): readonly SampleMessage[] => {
  const later = messages.filter(isGathered);
  const of = (system: keyof typeof gathering): readonly Webhook[] =>
    batched(
      later.filter((message) => message.system === system),
      gathering[system],
    );
  return [...messages.filter((message) => !isGathered(message)), ...of('telemetry'), ...of('delivery')];
};

/** The messages in the order of their arrival; about one in twenty comes twice, sometimes much later. */
export const deliveriesOf = (messages: readonly SampleMessage[], seed: number): readonly SampleMessage[] => {
  const arrivals = gathered(messages).flatMap((message) => {
    const random = randomOf(seed, `delivery ${message.id}`);
    const first = Date.parse(message.at) + delayOf(message, random);
    const again = random.chance(0.05) ? [{ message, at: first + random.between(0.01, 12) * day }] : [];
    return [{ message, at: first }, ...again];
  });
  return arrivals.sort((a, b) => a.at - b.at || (a.message.id < b.message.id ? -1 : 1)).map(({ message }) => message);
};
