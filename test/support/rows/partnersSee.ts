// May a partner see rows of a table at all? Where the column that names whose they are can name one.
import type { Table } from '../../../domain/rows/table.ts';

/** Whether `leadPartnerId` may hold a partner; where it is always null, the vendor alone sees the rows. */
export const partnersSee = ({ columns }: Pick<Table, 'columns'>): boolean =>
  columns.shape.leadPartnerId?.safeParse('a').success === true;
