// What does Salesforce's adapter show of a value that it can't read?
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../events/sources/salesforce.ts';
import { textIssues } from '../../../events/unicodeText.ts';
import { connectionTo, dataOf, factsIn, messageOf, relayed } from './reading.ts';

type Given = Readonly<Record<string, unknown>>;

const said = (event: unknown, mapping: Given = {}) =>
  factsIn(salesforce.translate(messageOf(event), connectionTo(salesforce, mapping))).map(
    (fact) => [fact.type, dataOf(fact)] as const,
  );

const asked = (lacks: string, reason: string) => [
  'ReconciliationRequested',
  { lacks, reason: expect.stringContaining(reason) },
];

describe('a value that can’t be read', () => {
  it.each([
    ['CloseDate', 'ask ann@example.com', 'expectedClose'],
    ['Amount', `${'x'.repeat(60)} ann@example.com`, 'value'],
    ['CurrencyIsoCode', 'ann@example.com', 'currency'],
    ['Offer_Version__c', 'ann@example.com', 'offerVersion'],
  ])('shows no e-mail address that stands in %s', (field, value, lacks) => {
    expect(said(relayed({}, { [field]: value }))).toEqual([
      ['ReconciliationRequested', expect.objectContaining({ lacks, reason: expect.stringMatching(/e-mail address$/) })],
    ]);
  });

  it('shows the beginning of a long text, and no half of an emoji where it is cut', () => {
    for (const before of ['x'.repeat(38), 'x'.repeat(39)]) {
      const facts = said(relayed({}, { CloseDate: `${before}😀 and more` }));
      expect(facts).toMatchObject([asked('expectedClose', `"${before}`)]);
      expect(textIssues(facts)).toEqual([]);
    }
  });
});
