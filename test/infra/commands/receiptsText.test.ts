// Does a person read a list, one receipt and the counts as text, with every reason?
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReceiptsAsked, receiptsAnswer, receiptsText } from '../../../infra/commands/receiptsText.ts';

const listed = (index: number) => ({
  receipt: `c-1.abc.r-${index}`,
  status: 'refused',
  reason: 'notThisFact: OrderPlaced',
  source: 'stripe',
  connection: 'c-1',
  receivedAt: '2026-06-30T12:00:00.000Z',
});

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

interface Answer {
  readonly status?: number;
  readonly body: object;
}

/** An API that gives these answers in turn, and the paths that it was asked. */
const answering = async (...answers: readonly Answer[]) => {
  const paths: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    const { status = 200, body } = answers[paths.length] ?? { status: 500, body: {} };
    paths.push(url);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { access: { url: `http://127.0.0.1:${port}`, token: 't' }, paths };
};

const textOf = async (asked: ReceiptsAsked, ...answers: readonly Answer[]) => {
  const { access, paths } = await answering(...answers);
  return { lines: receiptsText(asked, await receiptsAnswer(access, asked), '--tenant acme --data other'), paths };
};

describe('a list', () => {
  it('is a table with the reasons, over as many pages as were asked for', async () => {
    const { lines, paths } = await textOf(
      { filters: { status: 'refused' }, most: 2 },
      { body: { items: [listed(1)], cursor: 'next' } },
      { body: { items: [listed(2)], cursor: 'more' } },
    );
    expect(lines).toEqual([
      'received                  status   from        receipt      reason',
      '2026-06-30T12:00:00.000Z  refused  stripe c-1  c-1.abc.r-1  notThisFact: OrderPlaced',
      '2026-06-30T12:00:00.000Z  refused  stripe c-1  c-1.abc.r-2  notThisFact: OrderPlaced',
      '',
      'There are more: name a status, a connection or a time, or a larger --limit.',
      'One of them in full: npm run receipts -- RECEIPT --tenant acme --data other',
    ]);
    expect(paths).toEqual(['/v1/receipts?status=refused&limit=2', '/v1/receipts?status=refused&limit=1&cursor=next']);
  });

  it('that is empty says so', async () => {
    const { lines } = await textOf({ filters: {}, most: 1 }, { body: { items: [] } });
    expect(lines).toEqual(['There is no such receipt.']);
  });

  it('that the API refuses is refused with its reason', async () => {
    const { access } = await answering({ status: 400, body: { reason: 'statusUnknown', detail: 'no status lost' } });
    await expect(receiptsAnswer(access, { filters: {}, most: 1 })).rejects.toThrow('400 statusUnknown: no status lost');
  });

  it('whose API is out of reach says why', async () => {
    const access = { url: 'http://127.0.0.1:1', token: 't' };
    await expect(receiptsAnswer(access, { filters: {}, most: 1 })).rejects.toThrow('could not be reached: bad port');
  });
});

describe('one receipt', () => {
  it('shows its reason, how to mend it, issues, parts, ids and facts', async () => {
    const fact = { type: 'OrderPlaced', factId: 'f', eventId: 'e', stream: 'acme/engagement/1' };
    const body = {
      ...listed(1),
      mend: 'Correct it.',
      expiresAt: '2026-09-28T12:00:00.000Z',
      issues: [{ path: 'data.amount', message: 'expected a number' }],
      unknownKeys: ['color'],
      waitsUnder: [{ system: 'stripe', kind: 'customer', id: 'cus_1', linked: true }],
      parts: [{ path: '1', status: 'ignored', reason: 'notFollowed', issues: [] }],
      facts: [
        { ...fact, recorded: true, stands: true, standing: 'e' },
        { ...fact, recorded: true, stands: false, standing: 'newer' },
        { ...fact, recorded: false, stands: false, standing: null },
        { ...fact, recorded: null, stands: null, standing: null },
      ],
    };
    const { lines, paths } = await textOf({ one: 'c-1.abc.r-1' }, { body });
    expect(paths).toEqual(['/v1/receipts/c-1.abc.r-1?']);
    expect(lines).toEqual([
      'receipt     c-1.abc.r-1',
      'status      refused',
      'reason      notThisFact: OrderPlaced',
      'to mend     Correct it.',
      'from        stripe c-1',
      'received    2026-06-30T12:00:00.000Z',
      'deleted at  2026-09-28T12:00:00.000Z',
      '  at data.amount: expected a number',
      'unknown     color',
      'waits for   stripe/customer/cus_1 (linked)',
      'part        1: ignored notFollowed',
      'fact        OrderPlaced on acme/engagement/1: stands',
      'fact        OrderPlaced on acme/engagement/1: recorded; newer stands',
      'fact        OrderPlaced on acme/engagement/1: not recorded',
      'fact        OrderPlaced on acme/engagement/1: its stream can’t be read',
    ]);
  });
});

it('shows no control character of a sender: a terminal would obey it', async () => {
  const body = { ...listed(1), unknownKeys: ['a\u001b[2Jb', 'c\nfact        all stands', '\u009b\u202e é'] };
  const { lines } = await textOf({ one: 'c-1.abc.r-1' }, { body });
  expect(lines).toContain('unknown     a\\u001b[2Jb, c\\u000afact        all stands, \\u009b\\u202e é');
});

describe('the summary', () => {
  it('counts by connection and reason', async () => {
    const of = { connection: 'c-1', source: 'stripe', received: 5, translated: 2 };
    const body = { connections: [{ ...of, ignored: { notFollowed: 2 }, refused: {} }] };
    const { lines } = await textOf({ summary: true }, { body });
    expect(lines).toEqual([
      'from        received  translated  ignored        refused  expired',
      'stripe c-1  5         2           notFollowed 2  none     none',
      '',
      'The last messages of a burst are counted as received with the next message.',
    ]);
  });
});
