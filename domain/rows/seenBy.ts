// Which parties may see the amounts that a row takes from events?
import * as z from 'zod';
import { anyParty } from '../../events/audience.ts';
import { definitionOf, type RecordedEvent } from '../../events/catalog.ts';
import { Reference } from '../../events/envelope.ts';
import { fieldsIn } from '../../events/fieldsIn.ts';
import { type Context, partyIdOf } from '../context/context.ts';
import { type Engagement, leadAt, vouchedLeadsOf } from '../engagement/engagement.ts';

/** The parties that may see a field of an event, beside the vendor. */
export type SeersOf = (event: RecordedEvent, field: string) => ReadonlySet<string>;

const namedIn = (event: RecordedEvent, field: string): readonly Reference[] => {
  const definition = definitionOf(event.type);
  const audience = definition === undefined ? undefined : fieldsIn(definition.data).get(field)?.audience;
  if (audience?.kind !== 'lead' && audience?.kind !== 'parties') return [];
  const data: Readonly<Record<string, unknown>> = event.data;
  return audience.namedBy.flatMap((name) => Reference.safeParse(data[name]).data ?? []);
};

/**
 * Finds who may see a commercial field of an event: the partner that led when it occurred, the party that said it, and those
 * that the event names as parties of the field. At the instant of a change of lead, the new partner leads.
 */
export const seersIn = ({
  engagement,
  context,
}: {
  readonly engagement: Pick<Engagement, 'events'>;
  readonly context: Context;
}): SeersOf => {
  const leads = vouchedLeadsOf(engagement);
  return (event, field) => {
    const lead = leadAt({ leads }, event.occurredAt);
    const named = [...(lead === undefined ? [] : [lead]), ...namedIn(event, field)];
    const seers = new Set(named.map((reference) => partyIdOf(context, reference)));
    if (event.saidBy?.partyId !== undefined) seers.add(event.saidBy.partyId);
    return seers;
  };
};

/**
 * The parties that may see what comes from all these sources, each given by its seers: those that may see each of them. A sum
 * is shown whole, or not at all. Without a source there is nothing to hide.
 */
export const seenBy = (sources: readonly ReadonlySet<string>[]): string[] => {
  const [first, ...others] = sources;
  if (first === undefined) return [anyParty];
  return [...first].filter((party) => others.every((seers) => seers.has(party)));
};

/** The column of the parties that may see a group of columns; `what` says which. */
export const seenByColumn = (what: string) =>
  z
    .array(z.string())
    .describe(
      `The parties that may see ${what}: each led when the event occurred that it comes from, or said it. \`${anyParty}\`: there is nothing to hide. For the vendor alone.`,
    );
