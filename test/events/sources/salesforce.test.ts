// Do an org's other messages become facts (gaps, orders, contracts, outcomes), and is the rest refused by name?
import { describe, expect, it } from 'vitest';
import { salesforce } from '../../../events/sources/salesforce.ts';
import type { SourceFact } from '../../../events/sources/source.ts';
import { connectionTo, dataOf, factsIn, messageOf, org, relayed } from './reading.ts';

const said = (event: unknown, mapping: { readonly [key: string]: unknown } = {}) =>
  salesforce.translate(messageOf(event), connectionTo(salesforce, mapping));
const facts = (event: unknown, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(event, mapping));
const types = (list: readonly SourceFact[]) => list.map(({ type }) => type);

const opportunity = { system: `salesforce:${org}`, kind: 'Opportunity', id: '006Hp00001XkQ2mIAF' };

describe('changes without values', () => {
  it.each([
    ['GAP_UPDATE', ['006Hp00001XkQ2mIAF'], '006Hp00001XkQ2mIAF'],
    ['GAP_OVERFLOW', [], '*'],
    ['GAP_OVERFLOW', ['000000000000000AAA'], '*'],
    ['UPDATE', ['006*'], '*'],
    ['GAP_CREATE', ['006Hp00001XkQ2mIAF'], '006Hp00001XkQ2mIAF'],
    ['DELETE', ['006*'], '*'],
    ['DELETE', ['006Hp00001XkQ2m'], '006Hp00001XkQ2mIAF', 'EngagementWithdrawn'],
    ['GAP_DELETE', ['006Hp00001XkQ2mIAF'], '006Hp00001XkQ2mIAF', 'EngagementWithdrawn'],
    ['UNDELETE', ['006Hp00001XkQ2mIAF'], '006Hp00001XkQ2mIAF', 'EngagementReinstated'],
    ['GAP_UNDELETE', ['006Hp00001XkQ2mIAF'], '006Hp00001XkQ2mIAF', 'EngagementReinstated'],
  ])('%s of %j asks to read %s again', (changeType, recordIds, id, ...besides) => {
    const all = facts(relayed({ changeType, recordIds }));
    const fact = all.find(({ type }) => type === 'ReconciliationRequested');
    expect(types(all)).toEqual([...besides, 'ReconciliationRequested']);
    for (const other of all.slice(0, -1)) {
      expect(other).toMatchObject({ subject: { primary: opportunity }, data: { reason: `salesforce ${changeType}` } });
    }
    expect(fact).toMatchObject({ type: 'ReconciliationRequested', subject: { stream: 'northwind/source/conn-1' } });
    expect(dataOf(fact)).toEqual({
      connectionId: 'conn-1',
      subject: { ...opportunity, id },
      reason: `salesforce ${changeType}`,
    });
  });
});

describe('orders, contracts and outcomes', () => {
  const order = { system: `salesforce:${org}`, kind: 'Order', id: '801Hp00000DnW5qIAF' };
  const contract = { system: `salesforce:${org}`, kind: 'Contract', id: '800Hp00000BvC3kIAF' };
  const header = { entityName: 'Order', recordIds: [order.id], changeType: 'CREATE' };

  it('links an order and its contract to the opportunity, in facts keyed on the linked id', () => {
    const all = facts(relayed(header, { OpportunityId: opportunity.id, ContractId: contract.id, TotalAmount: 0 }));
    expect(types(all)).toEqual(['OrderPlaced', 'IdentityLinked', 'IdentityLinked']);
    expect(dataOf(all[0])).not.toHaveProperty('total');
    expect(all.slice(1).map((fact) => [fact.sourceId, dataOf(fact)])).toEqual([
      [
        'Order:801Hp00000DnW5qIAF',
        { external: order, to: { external: opportunity }, reason: 'salesforce Order.OpportunityId' },
      ],
      [
        'Contract:800Hp00000BvC3kIAF',
        { external: contract, to: { external: opportunity }, reason: 'salesforce Order.ContractId' },
      ],
    ]);
  });

  it('finds a new order by its contract, and a contract by an older order', () => {
    const linked = (changeType: string) =>
      facts(relayed({ ...header, changeType }, { ContractId: contract.id })).filter(
        ({ type }) => type === 'IdentityLinked',
      );
    expect(linked('CREATE').map(dataOf)).toMatchObject([{ external: order, to: { external: contract } }]);
    expect(linked('UPDATE').map(dataOf)).toMatchObject([{ external: contract, to: { external: order } }]);
  });

  it('claims changed fields again, under the order’s own id', () => {
    const [claim, ...more] = facts(relayed({ ...header, changeType: 'UPDATE' }, { TotalAmount: 96000.5 }));
    expect(more).toEqual([]);
    expect(claim?.subject).toEqual({ secondary: order });
    expect(dataOf(claim)).toMatchObject({ orderId: order.id, claimedBy: 'crm', total: { amount: '96000.5' } });
  });

  it('says the currency of an order that has no total yet, or no other one', () => {
    const claims = [
      relayed(header, { OpportunityId: opportunity.id, TotalAmount: 0, CurrencyIsoCode: 'EUR' }),
      relayed({ ...header, changeType: 'UPDATE' }, { CurrencyIsoCode: 'EUR' }),
    ].map((event) => dataOf(facts(event)[0]));
    for (const claim of claims) {
      expect(claim).toMatchObject({ orderId: order.id, currency: 'EUR' });
      expect(claim).not.toHaveProperty('total');
    }
    const emptied = facts(relayed({ ...header, changeType: 'UPDATE' }, { TotalAmount: 0 }))[0];
    expect(dataOf(emptied)).toMatchObject({ total: { amount: '0' } });
  });

  it('covers the last day of an order’s term', () => {
    const [claim] = facts(
      relayed(header, { OpportunityId: opportunity.id, EffectiveDate: '2026-07-15', EndDate: '2027-07-14' }),
    );
    expect(dataOf(claim)).toMatchObject({
      term: { start: '2026-07-15T00:00:00.000Z', end: '2027-07-15T00:00:00.000Z' },
    });
  });

  it('takes an outcome without its text and without the person who agreed', () => {
    const event = {
      'detail-type': 'Outcome_Agreed__e',
      source: `aws.partner/salesforce.com/${org}/x`,
      detail: {
        payload: {
          CreatedDate: 1782032400000,
          Event_Key__c: 'oa-1',
          Engagement_Id__c: 'ENG-1',
          Outcome_Statement__c: 'Cut restore time',
          Agreed_By__c: 'coo@halden.example',
          Target_Value__c: 40.0,
          Due_Date__c: '2027-01-31',
        },
      },
    };
    const [agreed] = facts(event);
    expect(agreed).toMatchObject({
      subject: { secondary: { system: 'reference', kind: 'engagement', id: 'ENG-1' } },
      occurredAt: '2026-06-21T09:00:00.000Z',
    });
    expect(dataOf(agreed)).toEqual({
      outcomeId: 'oa-1',
      statementRef: 'salesforce:Outcome_Agreed__e/oa-1',
      target: 40,
      due: '2027-01-31',
    });
    expect(JSON.stringify(agreed)).not.toMatch(/halden|Cut restore/);
  });
});

describe('what is refused', () => {
  it.each([
    ['{', 'notJson', ''],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'nestedTooDeep', ''],
    [{ detail: 'x' }, 'notAnEvent', 'detail'],
    [relayed({ transactionKey: null }), 'headerIncomplete', 'detail.payload.ChangeEventHeader.transactionKey'],
    [relayed({ recordIds: ['OPP-1'] }), 'recordIdUnusable', 'detail.payload.ChangeEventHeader.recordIds'],
    [{ ...relayed({}), source: 'aws.partner/salesforce.com/00DHp00000TqkACMAZ/x' }, 'otherOrg', 'source'],
  ])('%j', (body, reason, path) => {
    expect(said(body)).toMatchObject({ outcome: 'refused', reason, issues: [{ path }] });
  });

  it('of several records, only the one whose id is broken', () => {
    const recordIds = ['006Hp00001XkQ2m', 'broken!', '006Hp00001XkQ2mIAF', '006Hp00001XkQ2nIAF'];
    const read = said(relayed({ recordIds }, { Amount: 42 }));
    expect(factsIn(read).map(({ subject, part }) => [subject, part])).toMatchObject([
      [{ primary: { id: '006Hp00001XkQ2mIAF' } }, 'recordIds.0'],
      [{ primary: { id: '006Hp00001XkQ2nIAF' } }, 'recordIds.3'],
    ]);
    const path = 'detail.payload.ChangeEventHeader.recordIds.1';
    expect(read).toMatchObject({
      parts: [{ path: 'recordIds.1', outcome: 'refused', reason: 'recordIdUnusable', issues: [{ path }] }],
    });
  });

  it('names the wrong field of a mapping', () => {
    const connection = { ...connectionTo(salesforce), mapping: { version: 1, routes: { x: { route: 'sideways' } } } };
    expect(salesforce.translate(messageOf(relayed({})), connection)).toMatchObject({
      reason: 'mappingInvalid',
      issues: [{ path: 'routes.x.route' }],
    });
  });

  it('finds the org, or the bus’s alias, in the name of a partner event source', () => {
    expect(salesforce.delivery.accountOfBus('aws.partner/salesforce.com/00DHp00000TqkAB/0YL')).toBe(org);
    expect(salesforce.delivery.accountOfBus('aws.partner/appflow/salesforce.com/1/opp')).toBe(
      'aws.partner/appflow/salesforce.com/1/opp',
    );
    expect(salesforce.delivery.accountOfBus('aws.partner/zendesk.com/1/x')).toBeUndefined();
  });
});
