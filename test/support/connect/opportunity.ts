// Which change event do tests of the commands play? The creation of an opportunity that names an engagement's reference.
/** As Event Relay puts it under `detail`; `key` tells the changes apart. */
export const opportunity = (key: string): string =>
  JSON.stringify({
    payload: {
      ChangeEventHeader: {
        entityName: 'Opportunity',
        changeType: 'CREATE',
        recordIds: ['0061t00000AbCdE'],
        transactionKey: `t-${key}`,
        sequenceNumber: 1,
        commitTimestamp: 1_793_000_000_000,
        commitNumber: 1,
      },
      Name: 'x',
      StageName: 'Prospecting',
      Engagement_Id__c: `ENG-SENT-${key}`,
    },
  });
