// Which facts say how sources, exchange rates, flags and personal data are looked after?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone, forParties, forVendor } from '../audience.ts';
import { define } from '../definition.ts';
import { Reference } from '../envelope.ts';
import { Id, Ref } from '../fields.ts';
import { CalendarDate, Instant } from '../instant.ts';
import { Currency, PositiveDecimalText } from '../money.ts';

const connectionId = Id.describe('The connection; it names the stream.');

export const operatingEvents = {
  SourceWentQuiet: define({
    version: 1,
    streams: ['source'],
    saidBy: [],
    because: 'The pipeline concludes it from the rhythm that the connection declares.',
    data: () =>
      z
        .strictObject(
          forVendor({
            connectionId,
            lastHeardAt: Instant.optional().describe('When it was last heard; absent: never.'),
            types: z
              .array(Id)
              .optional()
              .describe('The types of facts that it was allowed to say; absent: any may be missing.'),
            partner: Id.optional().describe(
              'The party id of the partner whose engagements alone it may speak of; absent: of any.',
            ),
          }),
        )
        .describe('A connection has been silent for longer than its rhythm allows. What it would say is not known.'),
  }),
  SourceRecovered: define({
    version: 1,
    streams: ['source'],
    saidBy: [],
    because: 'The pipeline concludes it once the connection is heard again.',
    data: () =>
      z
        .strictObject(forVendor({ connectionId, heardAt: Instant.describe('When it was heard again.') }))
        .describe('A connection that went quiet is heard again.'),
  }),
  FxRatePublished: define({
    version: 1,
    streams: ['policy'],
    saidBy: ['vendor', 'system'],
    because:
      'Sums in another currency rest on it, so the vendor chooses the rates, or the connection that imports them.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            base: Currency.describe('The currency that is converted, ISO 4217.'),
            quote: Currency.describe('The currency that it is converted to, ISO 4217.'),
            rate: PositiveDecimalText.describe('How much of `quote` one unit of `base` is, as decimal text.'),
            date: CalendarDate.describe('The day for which the rate holds.'),
            publishedBy: Id.optional().describe('Who publishes the rate, as a code.'),
          }),
        )
        .describe('A rate of exchange is published. Each pair of currencies has a stream of its own.'),
  }),
  FlagDismissed: define({
    version: 1,
    streams: ['engagement', 'party'],
    saidBy: ['vendor'],
    because: 'Who is measured does not dismiss the measure.',
    data: () =>
      z
        .strictObject({
          ...forEveryone({
            flagId: Id.describe('The flag.'),
            reason: Ref.describe('Why it is dismissed: a code, or a reference to the text.'),
            until: Instant.optional().describe('Until when it is dismissed; absent: for good.'),
          }),
          ...forParties(['party'], {
            party: Reference.optional().describe(
              'The partner, where the flag is about a partner and not about one engagement; it names the stream.',
            ),
          }),
        })
        .describe('The vendor dismisses a flag: it is not acted on until then. The flag and its evidence stay.'),
  }),
  ErasureRequested: define({
    version: 1,
    streams: ['party'],
    saidBy: ['vendor'],
    because: 'The vendor answers for the personal data that it keeps.',
    data: () =>
      z
        .strictObject(
          forVendor({
            subject: Reference.describe('The party about which names are to be erased; it names the stream.'),
            requestedAt: Instant.describe('When it was requested: the time to answer runs from then.'),
          }),
        )
        .describe('Somebody requests that personal data is erased. Events hold none: names and receipts do.'),
  }),
};
