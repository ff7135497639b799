// Which projection tables are there? Infra, grants, query and docs derive from this list.
import type { Table, TableIndex, TableName } from './row.ts';

const byLeadPartner: TableIndex = { name: 'byLeadPartner', columns: ['leadPartnerId'] };

const indexes: Readonly<Record<TableName, readonly TableIndex[]>> = {
  engagements: [
    byLeadPartner,
    { name: 'byStage', columns: ['stage'] },
    { name: 'due', columns: ['dueShard'], sort: 'nextDueAt', acrossTenants: true },
  ],
  stage_history: [byLeadPartner],
  handoffs: [byLeadPartner],
  order_legs: [byLeadPartner],
  subscriptions: [byLeadPartner],
  flags: [byLeadPartner, { name: 'openByPattern', columns: ['openPattern'] }],
  deadlines: [byLeadPartner],
  parties: [byLeadPartner],
  offers: [byLeadPartner],
  campaigns: [byLeadPartner],
};

export const tables: readonly Pick<Table, 'name' | 'indexes'>[] = Object.entries(indexes).map(([name, listed]) => ({
  name: name as TableName,
  indexes: listed,
}));
