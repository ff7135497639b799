// Are words such as `price.amountMinor=5` read as the catalog's schemas have their fields, whatever the type?
import { describe, expect, it } from 'vitest';
import { catalog, eventTypes } from '../../../events/catalog.ts';
import { dataOfWords } from '../../../infra/commands/factFields.ts';
import { fixtures } from '../../support/fixtures.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields whose own fields have names that the person chooses: these are said as JSON. */
const asJson = new Set(['thresholds', 'calendars', 'observedFrom']);

const wordsOf = (data: Readonly<Record<string, unknown>>, holder = ''): readonly string[] =>
  Object.entries(data).flatMap(([name, value]) => {
    const field = `${holder}${name}`;
    if (isObject(value) && !asJson.has(name)) return wordsOf(value, `${field}.`);
    return [`${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
  });

const posted = eventTypes.filter((type) => catalog[type].saidBy.some((sayer) => sayer !== 'system'));

it.each(posted)('%s: every field of its fixture can be said in words', (type) => {
  const data = fixtures.get(`${type}.v${catalog[type].version}`)?.data;
  if (!isObject(data)) throw new Error(`no fixture of ${type}`);
  expect(dataOfWords(type, wordsOf(data))).toEqual(data);
});

describe('a value', () => {
  it.each<readonly [string, string, object]>([
    ['UsageMeasured', 'activeUnits=5', { activeUnits: 5 }],
    ['UsageMeasured', 'activeUnits=many', { activeUnits: 'many' }],
    ['OrderPlaced', 'orderId=0012345678901234567', { orderId: '0012345678901234567' }],
    ['DealRevised', 'forecast=5', { forecast: '5' }],
    ['DealRevised', 'value.amount=1200.50', { value: { amount: '1200.50' } }],
    ['DealRevised', 'salesStage=null', { salesStage: null }],
    ['PartnerAssigned', 'partner=null', { partner: null }],
    ['PartnerAssigned', 'partner=erp/account/00/17', { partner: { system: 'erp', kind: 'account', id: '00/17' } }],
    ['PartnerAssigned', 'partner={"system":"erp"}', { partner: { system: 'erp' } }],
    ['HandoffOffered', 'self=true', { self: true }],
    ['HandoffOffered', 'toOwner=crm:user/42', { toOwner: 'crm:user/42' }],
    ['HandoffOffered', 'contextRef=a=b', { contextRef: 'a=b' }],
    ['HandoffOffered', 'openRisks=[]', { openRisks: [] }],
    [
      'IdentityLinked',
      'to.external=crm/opportunity/1',
      { to: { external: { system: 'crm', kind: 'opportunity', id: '1' } } },
    ],
    ['IdentityLinked', 'to.stream=acme/engagement/e1', { to: { stream: 'acme/engagement/e1' } }],
    ['IdentityLinked', 'part.order=o1', { part: { order: 'o1' } }],
  ])('%s %s', (type, word, data) => {
    expect(dataOfWords(type, [word])).toEqual(data);
  });

  it.each([
    ['HandoffOfered', 'a=b', '"HandoffOfered" is no type that a person records. There are '],
    ['StageEntered', 'stage=sell', '"StageEntered" is no type that a person records.'],
    ['HandoffOffered', 'handoffID=1', 'HandoffOffered has no field handoffID; it has handoffId, fromStage,'],
    ['HandoffOffered', 'constructor=1', 'HandoffOffered has no field constructor'],
    ['HandoffOffered', 'handoffId', '"handoffId" says no field: say it as field=value.'],
    ['HandoffOffered', 'openRisks=a', "openRisks is a list: give it as JSON, openRisks='[…]'."],
    ['HandoffOffered', 'openRisks=[a', 'openRisks is not JSON: '],
    ['HandoffOffered', 'handoffId.a=1', 'HandoffOffered.handoffId has no fields of its own'],
    [
      'PartnerAssigned',
      'partner=erp',
      'partner holds system, kind, id: say partner.system=… partner.kind=… partner.id=…',
    ],
    ['OrderPlaced', 'value.amountMinor.x=1', 'has no field'],
  ])('refuses %s %s', (type, word, reason) => {
    expect(() => dataOfWords(type, [word])).toThrow(reason);
  });

  it('is refused where it is given twice, also in part', () => {
    expect(() => dataOfWords('HandoffOffered', ['self=true', 'self=false'])).toThrow('self is given twice.');
    const partner = ['partner=a/b/c', 'partner.id=d'];
    expect(() => dataOfWords('PartnerAssigned', partner)).toThrow('partner.id is given twice.');
    expect(() => dataOfWords('PartnerAssigned', partner.toReversed())).toThrow('partner is given twice.');
  });
});
