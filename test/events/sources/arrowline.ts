// Which mapping makes facts of a distributor's, a telemetry system's and a partner's own event types?

const engagement = { reference: 'data.engagementId' };

/** Rules for the types of the generic samples. */
export const arrowline = {
  version: 3,
  rules: [
    {
      type: 'com.arrowline.order.booked.v1',
      as: 'OrderPlaced',
      subject: engagement,
      fields: {
        claimedBy: { constant: 'distributor' },
        orderId: 'data.purchaseOrder',
        poNumber: 'data.purchaseOrder',
        customer: {
          object: {
            system: { constant: 'reference' },
            kind: { constant: 'customer' },
            id: { path: 'data.endCustomer' },
          },
        },
        total: { object: { amount: { path: 'data.total', as: 'decimal' }, currency: 'data.currency' } },
        route: { constant: 'two_tier' },
      },
      links: [{ kind: 'order', id: 'data.purchaseOrder' }],
    },
    {
      type: 'com.arrowline.invoice.issued.v1',
      as: 'LedgerEntryRecorded',
      subject: { external: { kind: 'order', id: 'data.purchaseOrder' } },
      fields: {
        entryId: { template: 'invoice/{data.invoice}' },
        direction: { constant: 'revenue' },
        amount: { money: { amount: 'data.total', currency: 'data.currency' } },
        kind: { constant: 'charge' },
      },
    },
    {
      type: 'com.northwind.outcome.measured.v1',
      as: 'OutcomeMeasured',
      subject: engagement,
      fields: {
        outcomeId: 'data.metric',
        value: 'data.measured',
        unit: 'data.unit',
        evidenceRef: 'data.evidenceUri',
        evidenceHash: 'data.evidenceSha256',
      },
    },
    {
      type: 'engagement.handoff.completed',
      as: 'HandoffAccepted',
      subject: engagement,
      fields: {
        handoffId: { template: '{data.engagementId}/sell/deliver' },
        fromStage: { constant: 'sell' },
        toStage: { constant: 'deliver' },
      },
    },
  ],
};
