// Which messages does the sample's CRM send? Change events and platform events, in the form in which Salesforce's Event Relay puts them on a bus.
import { uuidOf } from '../../events/identifiers.ts';
import { salesforceId } from '../../events/sources/externalIds.ts';
import type { BusMessage } from './sampleMessage.ts';

export const org = '00DHp00000TqkABMAZ';
const user = '005Hp00000FgR7tIAF';

/** A record's id of 18 characters; each number has a different one. */
export const recordId = (prefix: string, number: number): string => {
  const short = `${prefix}Hp00000X${number.toString(36).padStart(4, '0')}`.slice(0, 15);
  return salesforceId(short) ?? short;
};

export interface Changed {
  readonly entity: 'Opportunity' | 'Account' | 'Order';
  readonly change: 'CREATE' | 'UPDATE';
  readonly records: readonly string[];
  readonly at: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A change event; an update names the fields that it changed. */
export const changeEvent = ({ entity, change, records, at, fields }: Changed): BusMessage => {
  const transactionKey = uuidOf('transaction', entity, change, at, ...records, ...Object.keys(fields));
  const committed = Date.parse(at);
  const stamped = { ...fields, LastModifiedDate: at, ...(change === 'CREATE' ? { CreatedDate: at } : {}) };
  const payload = {
    ChangeEventHeader: {
      entityName: entity,
      recordIds: records,
      changeType: change,
      changeOrigin: 'com/salesforce/api/rest/66.0;client=PartnerHub/',
      transactionKey,
      sequenceNumber: 1,
      commitTimestamp: committed,
      commitNumber: committed * 1_000 + 501,
      commitUser: user,
      nulledFields: [],
      diffFields: [],
      changedFields: change === 'CREATE' ? [] : Object.keys(stamped),
    },
    ...stamped,
  };
  return { system: 'crm', id: transactionKey, at, detailType: `${entity}ChangeEvent`, detail: { payload } };
};

export interface AgreedOutcome {
  readonly at: string;
  readonly key: string;
  readonly opportunityId: string;
  /** Absent while the engagement has no name yet. */
  readonly reference: string | undefined;
  readonly metric: string;
  readonly unit: string;
  readonly baseline: number;
  readonly target: number;
  readonly due: string;
}

/** The org's own platform event, published when an outcome is agreed with the customer. */
export const outcomeEvent = (agreed: AgreedOutcome): BusMessage => ({
  system: 'crm',
  id: agreed.key,
  at: agreed.at,
  detailType: 'Outcome_Agreed__e',
  detail: {
    payload: {
      CreatedById: user,
      CreatedDate: agreed.at,
      Event_Key__c: agreed.key,
      Engagement_Id__c: agreed.reference ?? null,
      Opportunity_Id__c: agreed.opportunityId,
      Outcome_Statement__c: 'kept in the org',
      Metric__c: agreed.metric,
      Unit__c: agreed.unit,
      Baseline_Value__c: agreed.baseline,
      Target_Value__c: agreed.target,
      Due_Date__c: agreed.due,
    },
  },
});

/** A customer as facts name it: its account in the CRM. */
export const accountOf = (id: string) => ({ system: `salesforce:${org}`, kind: 'Account', id });
