// Does the summary name what is flagged beside the planted failures, also in engagements that no story tells?
import { expect, it } from 'vitest';
import type { Findings } from '../../../../infra/commands/start/summary.ts';
import { summaryText } from '../../../../infra/commands/start/summaryText.ts';

const flag = {
  ...{ flagId: 'f-1', rule: 'P5.5', pattern: 'ignoredRoutes', title: 'Stalled order', engagementId: 'e-1' },
  ...{ leadPartnerId: '', severity: 'low', status: 'open', raisedAt: '2026-06-30T00:00:00.000Z' },
  ...{ clearsWhen: 'It moves.', nextStep: 'Ask.', evidence: [] },
};
const tenant = { tenant: 'northwind', facts: 1, engagements: 1, byStage: { procure: 1 }, flags: [flag] };
const planted = {
  found: 2,
  missed: [],
  extra: [
    { rule: 'P5.5', engagementId: 'e-1', reference: '', raisedAt: '2026-06-30T00:00:00.000Z' },
    { rule: 'P1.1', engagementId: 'e-2', reference: 'ENG-2', raisedAt: '2026-06-29T09:30:00.000Z' },
    { rule: 'P2.5', engagementId: '', partnerId: 'p-1', reference: '', raisedAt: '2026-06-29T09:30:00.000Z' },
  ],
};
const findings: Findings = {
  summary: { url: 'http://127.0.0.1:4747', ...tenant, tenants: [tenant], planted, seconds: 1 },
  tenants: [
    {
      ...{ summary: tenant, flags: [flag], explained: undefined, partners: [] },
      partnerOf: () => 'nobody',
      nameOf: (engagementId) => engagementId,
    },
  ],
  sample: {
    ...{ tenant: 'northwind', partners: 8, receipts: 1, today: '2026-06-30', partnerNames: new Map() },
    nameOf: () => undefined,
    comparedWith: () => planted,
  },
};

it('shows no control character of a sender: a terminal would obey it', () => {
  const named = findings.tenants.map((each) => ({
    ...each,
    explained: { flag, evidence: [{ kind: 'event', row: { type: 'OrderPlaced', says: 'done\u001b[2J' } }] },
  }));
  const asked = { url: 'http://127.0.0.1:4747', dataDir: '.throughline', once: false, underWay: false };
  expect(summaryText({ ...findings, tenants: named }, asked)).toContain(' done\\u001b[2J\n');
});

it('names them by their reference, else by the engagement', () => {
  const asked = { url: 'http://127.0.0.1:4747', dataDir: '.throughline', once: false, underWay: false };
  expect(summaryText(findings, asked)).toContain(
    '2 planted failures: 2 found; flagged though not planted (or of your own messages): P5.5 of engagement e-1 (2026-06-30 00:00), P1.1 ENG-2 (2026-06-29 09:30), P2.5 of partner p-1 (2026-06-29 09:30)\n',
  );
});
