// Which rows do events give, table by table? For tests that read one table at an instant.
import type { Context } from '../../domain/context/context.ts';
import type { TableName } from '../../domain/rows/catalog.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { derivedPartyOf, parseStreamId } from '../../events/identifiers.ts';
import { contextOf } from './contexts.ts';
import { instant, stream, tenantId } from './histories/events.ts';

/** The rows of a table at an instant, given events of one engagement. */
export const tableAt = (
  table: TableName,
  now: string,
  events: readonly RecordedEvent[],
  context: Context = contextOf(),
): readonly Row[] => {
  const { head, rows } = rowsOf({ events: stream(events), context, now: instant(now) });
  return [head, ...rows].filter((row) => row.table === table);
};

/** The columns of those rows. */
export const columnsAt = (...asked: Parameters<typeof tableAt>): readonly Row['columns'][] =>
  tableAt(...asked).map(({ columns }) => columns);

/** A reference to an organisation of the tests' CRM, and the party that it means. */
export const org = (id: string) => ({ system: 'crm', kind: 'account', id });
export const partyId = (id: string): string => parseStreamId(derivedPartyOf(tenantId, org(id))).id;
