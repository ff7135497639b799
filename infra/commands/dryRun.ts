// What would each message of a file become under a connection? It is read by the code that reads receipts, and nothing is stored.
// `npm run connect -- --check` calls it; it reads the file.
import type { Issue } from '../../events/catalog.ts';
import type { ExternalId } from '../../events/identifiers.ts';
import type { Source, Subject } from '../../events/sources/source.ts';
import type { StoredConnection } from '../../functions/intake/connections.ts';
import { readReceipt } from '../../functions/intake/readReceipt.ts';
import { Refusal } from '../local/core/refusal.ts';
import { busEventOf } from './busEvent.ts';
import { type FileMessage, messagesOfFile } from './messagesFile.ts';

interface Checked {
  readonly lines: readonly string[];
  readonly facts: number;
  readonly wrong: boolean;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const nameOf = ({ system, kind, id }: ExternalId): string => `${system}/${kind}/${id}`;

const aboutOf = (subject: Subject): string => {
  if ('stream' in subject) return subject.stream;
  return nameOf('primary' in subject ? subject.primary : 'secondary' in subject ? subject.secondary : subject.party);
};

const issueLines = (issues: readonly Issue[]): readonly string[] =>
  issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`);

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
  const wrong = (what: string, more: readonly string[] = []): Checked => ({
    lines: [`${message.place}: ${what}`, ...more],
    facts: 0,
    wrong: true,
  });
  const body = bodyOf(message, source, connection);
  const { connection: connectionId, tenantId } = connection;
  const read = readReceipt(
    {
      ...{ partition: 'check', id: message.place, status: 'pending', waitsUnder: [] },
      ...{ source: source.name, connectionId, tenantId },
      // Every signed message has an id of its own in its headers.
      message: { body, headers: { 'webhook-id': message.place }, receivedAt: new Date().toISOString() },
    },
    connection,
  );
  switch (read.outcome) {
    case 'waits':
      return wrong(`would wait: ${read.reason}`);
    case 'ends': {
      const { ending } = read;
      if (ending.status === 'refused') return wrong(`would be refused: ${ending.reason}`, issueLines(ending.issues));
      const reason = ending.status === 'ignored' ? ending.reason : '';
      return { lines: [`${message.place}: would be ignored: ${reason}`], facts: 0, wrong: false };
    }
    case 'facts': {
      const facts = read.drafts.map(
        ({ fact, subject }) =>
          `  ${fact.type} at ${fact.occurredAt} about ${aboutOf(subject)}: ${JSON.stringify(fact.data)}`,
      );
      const links = read.claims.map(({ reference, primary }) => `  links ${nameOf(reference)} with ${nameOf(primary)}`);
      return { lines: [`${message.place}:`, ...facts, ...links], facts: facts.length, wrong: false };
    }
    default:
      return read satisfies never;
  }
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
    for (const line of result.lines) print(line);
    facts += result.facts;
    wrong += result.wrong ? 1 : 0;
  }
  print(`${counted(messages.length, 'message')}: ${counted(facts, 'fact')}, ${wrong} wrong. Nothing was stored.`);
  return wrong === 0;
}
