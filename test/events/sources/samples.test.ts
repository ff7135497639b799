// Does each vendor's sample become the facts that the manifest expects, and does the catalog parse them?

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseInstant } from '../../../events/instant.ts';
import { moneyOf } from '../../../events/money.ts';
import { sourceOf } from '../../../events/sources/catalog.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import type { Source } from '../../../events/sources/source.ts';
import { arrowline } from './arrowline.ts';
import { connectionTo, dataOf, factsIn, messageOf, saidIn, samplesAreHere, sampleText } from './reading.ts';

const one = z.union([z.string(), z.array(z.string())]);
const Amount = z.looseObject({ minor: z.int(), currency: z.string().nullable() }).nullable().optional();
const Sample = z.looseObject({
  file: z.string(),
  expect: z.looseObject({ events: z.array(z.string()), occurredAt: one, dedup: one, amount: Amount }).optional(),
});
const Manifest = z.looseObject({ samples: z.array(Sample) });

const samples = samplesAreHere ? Manifest.parse(JSON.parse(sampleText('manifest.json'))).samples : [];

const sourceFor = (file: string): Source | undefined => {
  const folder = file.split('/')[0] ?? '';
  const ours = folder === 'generic' || file === 'telemetry/outcome-evidence.cloudevent.json' ? 'cloudevents' : folder;
  return sourceOf(ours);
};

const followed = samples.flatMap(({ file, expect: expected }) => {
  const source = sourceFor(file);
  return source === undefined || expected === undefined || file.includes('binary') ? [] : [{ file, expected, source }];
});

const readSample = (file: string, source: Source) => {
  const headers = { 'webhook-id': 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W' };
  // The samples are a system's test data, where it tells one from the other.
  const connection = { ...connectionTo(source, source === cloudevents ? arrowline : {}), testData: true as const };
  return source.translate(messageOf(sampleText(file), headers), connection);
};

/** Facts that come beside the expected ones (the manifest's own word for them). */
const beside = new Set(['CustomerIdentified', 'PartnerAssigned', 'IdentityLinked']);

const list = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

const Valued = z.looseObject({
  amount: z.looseObject({ amountMinor: z.int(), currency: z.string() }).optional(),
  price: z.looseObject({ amountMinor: z.int(), currency: z.string() }).optional(),
});
const Deal = z.object({ amount: z.string(), currency: z.string().optional() });
const Dealt = z.looseObject({ total: Deal.optional(), value: Deal.optional(), expectedValue: Deal.optional() });

const amountsOf = (data: unknown) => {
  const valued = Valued.safeParse(data);
  const money = valued.success ? (valued.data.amount ?? valued.data.price) : undefined;
  if (money !== undefined) return [{ minor: money.amountMinor, currency: money.currency }];
  const dealt = Dealt.safeParse(data);
  const deal = dealt.success ? (dealt.data.total ?? dealt.data.value ?? dealt.data.expectedValue) : undefined;
  if (deal === undefined) return [];
  return [{ minor: moneyOf(deal.amount, deal.currency ?? 'EUR')?.amountMinor, currency: deal.currency ?? null }];
};

describe.skipIf(!samplesAreHere)('the vendors’ samples (beside the repository)', () => {
  it('are complete', () => {
    expect(followed).toHaveLength(20);
  });

  it.each(followed)('$file', ({ file, expected, source }) => {
    const translation = readSample(file, source);
    if (expected.events.length === 0) {
      expect(translation).toMatchObject({ outcome: 'ignored', reason: 'nothingOfOursChanged: Opportunity UPDATE' });
      return;
    }
    const wanted = new Set(expected.events);
    const facts = saidIn(translation).filter(({ type }) => wanted.has(type) || !beside.has(type));
    expect(facts.map(({ type }) => type)).toEqual(expected.events);
    const times = new Set(facts.map(({ occurredAt }) => occurredAt));
    expect([...times]).toEqual(list(expected.occurredAt).map((time) => parseInstant(time)));
    for (const fact of factsIn(translation)) dataOf(fact);
    if (expected.amount !== null && expected.amount !== undefined) {
      const { minor, currency } = expected.amount;
      expect(facts.flatMap((fact) => amountsOf(dataOf(fact)))).toContainEqual({ minor, currency });
    }
    // One identity for each expected fact, as fine as the manifest's keys.
    expect(new Set(facts.map(({ sourceId }) => sourceId)).size).toBe(list(expected.dedup).length);
  });

  it('refuse binary mode by name, and say what to send instead', () => {
    const binary = z.object({ headers: z.record(z.string(), z.string()), body: z.unknown() });
    const { headers, body } = binary.parse(JSON.parse(sampleText('generic/cloudevents.binary.json')));
    const translation = cloudevents.translate(messageOf(body, headers), connectionTo(cloudevents, arrowline));
    expect(translation).toMatchObject({ outcome: 'refused', reason: 'binaryMode' });
    expect(JSON.stringify(translation)).toContain('application/cloudevents+json');
  });
});
