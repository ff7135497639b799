// Which projection tables are there? Infra, grants, query and docs derive from this list.
import { campaigns } from './campaigns.ts';
import { deadlines } from './deadlines.ts';
import { engagements } from './engagements.ts';
import { flags } from './flags.ts';
import { handoffs } from './handoffs.ts';
import { offers } from './offers.ts';
import { orderLegs } from './orderLegs.ts';
import { parties } from './parties.ts';
import type { Table } from './row.ts';
import { stageHistory } from './stageHistory.ts';
import { subscriptions } from './subscriptions.ts';

export const tables: readonly Table[] = [
  engagements,
  stageHistory,
  handoffs,
  orderLegs,
  subscriptions,
  flags,
  deadlines,
  parties,
  offers,
  campaigns,
];
