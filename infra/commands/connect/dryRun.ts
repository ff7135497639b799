// What would each message of a file become under a connection? It is read by the code that reads receipts, and nothing is stored.
// `npm run connect -- --check` calls it; it reads the file.
import * as z from 'zod';
import type { ExternalId } from '../../../events/identifiers.ts';
import type { Source, Subject } from '../../../events/sources/source.ts';
import type { StoredConnection } from '../../../functions/intake/connections.ts';
import { type Read, readReceipt } from '../../../functions/intake/readReceipt.ts';
import { Refusal } from '../../local/core/refusal.ts';
import { printable } from '../printable.ts';
import { busEventOf } from './busEvent.ts';
import { type FileMessage, messagesOfFile } from './messagesFile.ts';

interface Checked {
  readonly lines: readonly string[];
  readonly facts: number;
  readonly wrong: boolean;
}

/** How a message ends, or one event of it at `path`. */
const Ending = z.object({
  path: z.string(),
  status: z.enum(['refused', 'waiting', 'ignored', 'translated']),
  reason: z.string().default(''),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});
type Ending = z.infer<typeof Ending>;

/** What of a message becomes no facts, beside the facts of the rest. */
const Parts = z.object({ parts: z.array(Ending).default([]) });

const wordsOf = { refused: 'would be refused', waiting: 'would wait', ignored: 'would be ignored' } as const;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const nameOf = ({ system, kind, id }: ExternalId): string => `${system}/${kind}/${id}`;

const aboutOf = (subject: Subject): string => {
  if ('stream' in subject) return subject.stream;
  return nameOf('primary' in subject ? subject.primary : 'secondary' in subject ? subject.secondary : subject.party);
};

const endingLines = (place: string, { path, status, reason, issues }: Ending): readonly string[] =>
  status === 'translated'
    ? []
    : [
        `${place}${path === '' ? '' : ` at ${path}`}: ${wordsOf[status]}: ${reason}`,
        ...issues.map((issue) => `  ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`),
      ];

const endingsOf = (read: Read): readonly Ending[] => {
  switch (read.outcome) {
    case 'waits':
      return [{ path: '', status: 'waiting', reason: read.reason, issues: [] }];
    case 'ends':
      return [Ending.parse({ path: '', ...read.ending })];
    case 'facts':
      return Parts.parse(read).parts;
    default:
      return read satisfies never;
  }
};

/** The facts that it becomes, and the links that follow from them. */
const factLines = (read: Read): { readonly facts: readonly string[]; readonly links: readonly string[] } => {
  if (read.outcome !== 'facts') return { facts: [], links: [] };
  return {
    facts: read.drafts.map(
      ({ fact, subject }) =>
        `  ${fact.type} at ${fact.occurredAt} about ${aboutOf(subject)}: ${JSON.stringify(fact.data)}`,
    ),
    links: read.claims.map(({ reference, primary }) => `  links ${nameOf(reference)} with ${nameOf(primary)}`),
  };
};

/** The body as it would arrive: over a partner bus in EventBridge's envelope. */
function bodyOf(message: FileMessage, { delivery }: Source, { account }: StoredConnection): string {
  if (delivery.way === 'webhook') return message.text;
  const { detailType, detailText } = busEventOf(message, delivery);
  const head = {
    version: '0',
    id: message.place,
    source: delivery.partnerSourceOf(account),
    'detail-type': detailType,
  };
  return `${JSON.stringify(head).slice(0, -1)},"detail":${detailText}}`;
}

function checked(message: FileMessage, source: Source, connection: StoredConnection): Checked {
  const { place } = message;
  const { connection: connectionId, tenantId } = connection;
  const read = readReceipt(
    {
      ...{ partition: 'check', id: place, status: 'pending', waitsUnder: [] },
      ...{ source: source.name, connectionId, tenantId },
      message: {
        body: bodyOf(message, source, connection),
        // Every signed message has an id of its own in its headers.
        headers: { 'webhook-id': place },
        receivedAt: new Date().toISOString(),
      },
    },
    connection,
  );
  const endings = endingsOf(read);
  const { facts, links } = factLines(read);
  return {
    lines: [
      ...(facts.length > 0 ? [`${place}:`, ...facts, ...links] : []),
      ...endings.flatMap((ending) => endingLines(place, ending)),
    ],
    facts: facts.length,
    wrong: endings.some(({ status }) => status === 'refused' || status === 'waiting'),
  };
}

const checkedOrRefused = (message: FileMessage, source: Source, connection: StoredConnection): Checked => {
  try {
    return checked(message, source, connection);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { lines: error.reasons, facts: 0, wrong: true };
  }
};

/** Prints what each message would become; whether nothing is wrong with any of them. */
export function dryRun(
  file: string,
  of: { readonly source: Source; readonly connection: StoredConnection },
  print: (line: string) => void,
): boolean {
  const messages = messagesOfFile(file);
  let facts = 0;
  let wrong = 0;
  for (const message of messages) {
    const result = checkedOrRefused(message, of.source, of.connection);
    for (const line of result.lines) print(printable(line));
    facts += result.facts;
    wrong += result.wrong ? 1 : 0;
  }
  const { partner } = of.connection;
  if (partner !== undefined)
    print(
      `The connection is bound to partner ${printable(partner)}: what is of engagements that it does not lead then would wait (notYours).`,
    );
  print(`${counted(messages.length, 'message')}: ${counted(facts, 'fact')}, ${wrong} wrong. Nothing was stored.`);
  return wrong === 0;
}
