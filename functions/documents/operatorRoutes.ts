// Which routes tell the tenant's own people what became of messages, and how the pipeline is?
import { receiptStatuses } from '../receipts/receipt.ts';
import { cursor, oneOf, paging, parameter } from './readParameters.ts';
import type { ReadRoute } from './readRoute.ts';

/** The routes of receipts, names and health, which only vendors may ask. */
export const operatorRoutes: readonly ReadRoute[] = [
  {
    path: '/v1/receipts',
    operationId: 'listReceipts',
    summary: 'What became of every message, the newest first',
    description:
      'Never the message itself. A page may hold fewer receipts than its limit, or none, although more follow: `cursor` leads on.',
    asked: [
      parameter('status', 'Only receipts with this status.', oneOf(receiptStatuses)),
      parameter('source', 'Only receipts of this source.'),
      parameter('connection', 'Only receipts of this connection.'),
      parameter(
        'from',
        'Only what was received at this instant (RFC 3339) or later. Of ignored and refused receipts, 90 days before `to` unless given.',
      ),
      parameter('to', 'Only what was received before this instant.'),
      ...paging,
    ],
    answer: 'ReceiptsAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/receipts/summary',
    operationId: 'summariseReceipts',
    summary: 'How the messages of each connection have ended, by reason',
    asked: [],
    answer: 'ReceiptSummaryAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/receipts/{receipt}',
    operationId: 'readReceipt',
    summary: 'What became of one message',
    description: 'Its status, why, how to mend it, and the facts that came of it, each held against its stream.',
    asked: [],
    answer: 'OneReceiptAnswer',
    absent: true,
    vendorsOnly: true,
  },
  {
    path: '/v1/unmatched',
    operationId: 'listUnmatched',
    summary: 'The receipts that are not translated yet, and the records that must be read again, each with its reason',
    asked: [cursor],
    answer: 'UnmatchedAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/names',
    operationId: 'listNames',
    summary: 'The names of the persons to whom facts refer, by reference',
    asked: paging,
    answer: 'NamesAnswer',
    vendorsOnly: true,
  },
  {
    path: '/v1/health',
    operationId: 'readHealth',
    summary: 'Whether rows are behind their streams or absent, and what waits',
    asked: [
      parameter(
        'all',
        'Whether every head and every stream of the tenant is looked at, page by page: `cursor` leads on.',
        oneOf(['true', 'false']),
      ),
      cursor,
    ],
    answer: 'HealthAnswer',
    vendorsOnly: true,
  },
];
