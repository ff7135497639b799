// What may be asked, and what is answered? The read API's routes over tables and streams.
import { ruleOf } from '../../domain/patterns/catalog.ts';
import { patternNames } from '../../domain/patterns/pattern.ts';
import type { Cell } from '../../domain/rows/row.ts';
import { type Instant, parseInstant } from '../../events/instant.ts';
import type { Caller } from './caller.ts';
import type { AsOf, EngagementReader, EngagementRows } from './engagementReader.ts';
import { explainFlag } from './flagExplanation.ts';
import type { SourceFreshness } from './freshness.ts';
import type { PipelineHealth } from './health.ts';
import { type Asked, list, scoped } from './lists.ts';
import { type HttpAnswer, jsonAnswer, type Problem, problemAnswer } from './problem.ts';
import { type ReadRow, type RowReader, tableNamed } from './rowReader.ts';
import { timelineOf } from './timeline.ts';
import type { Unmatched } from './unmatched.ts';

export interface Question {
  readonly caller: Caller;
  /** The path after `/v1/`, split at its slashes. */
  readonly path: readonly string[];
  readonly asked: Asked;
  readonly now: Instant;
}

export interface QuerySettings {
  readonly rows: RowReader;
  readonly engagements: EngagementReader;
  readonly freshness: (tenantId: string) => Promise<readonly SourceFreshness[]>;
  readonly unmatched: (tenantId: string) => Promise<readonly Unmatched[]>;
  readonly health: (tenantId: string) => Promise<PipelineHealth>;
}

type Answered =
  | { readonly body: Readonly<Record<string, unknown>>; readonly asOf: Instant }
  | { readonly problem: Problem };

const notFound = (detail: string): Answered => ({ problem: { status: 404, reason: 'notFound', detail } });
const badRequest = (reason: string, detail: string): Answered => ({ problem: { status: 400, reason, detail } });

const unknownWord = (asked: Asked, known: readonly string[]): Answered | undefined => {
  const unknown = Object.keys(asked).find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : badRequest('parameterUnknown', `no parameter ${unknown} here; there are ${known.join(', ') || 'none'}`);
};

const asOfOf = ({ asked }: Question): AsOf | Answered | undefined => {
  if (asked.asOf === undefined)
    return asked.clock === undefined ? undefined : badRequest('clockWithoutAsOf', 'clock goes with asOf');
  const at = parseInstant(asked.asOf);
  if (at === undefined)
    return badRequest('asOfNotAnInstant', `asOf is an instant such as 2026-06-30T00:00:00Z, not ${asked.asOf}`);
  const clock = asked.clock ?? 'occurred';
  // As-of on the recorded clock is not offered over HTTP yet.
  return clock === 'occurred' ? { at, clock } : badRequest('clockUnknown', 'clock is `occurred`');
};

const isAnswered = (value: AsOf | Answered | undefined): value is Answered =>
  value !== undefined && ('problem' in value || 'body' in value);

const mayRead = (caller: Caller, engagement: EngagementRows): boolean =>
  caller.role === 'vendor' || engagement.engagements?.[0]?.leadPartnerId === caller.partnerId;

/** Creates the answers of `GET /v1/…`. Every one carries `asOf` and the freshness of the tenant's sources. */
export const createQueries = ({ rows, engagements, freshness, unmatched, health }: QuerySettings) => {
  const page = async (
    question: Question,
    request: Omit<Parameters<typeof list>[1], 'caller' | 'asked'>,
  ): Promise<Answered> => {
    const listed = await list(rows, { caller: question.caller, asked: question.asked, ...request });
    if (!listed.ok) return badRequest(listed.reason, listed.detail);
    return {
      body: { items: listed.items, ...(listed.cursor !== undefined && { cursor: listed.cursor }) },
      asOf: question.now,
    };
  };

  /** The engagement's rows, now or as of a date, where the caller may read it by who leads it now. */
  const engagementRows = async (
    question: Question,
    id: string,
  ): Promise<{ readonly rows: EngagementRows; readonly asOf: AsOf | undefined } | Answered> => {
    const { caller, now } = question;
    const asOf = asOfOf(question);
    if (isAnswered(asOf)) return asOf;
    const current = await engagements.current(caller.tenantId, id);
    const missing = notFound(`no engagement ${id}`);
    if (current === undefined || !mayRead(caller, current)) return missing;
    if (asOf === undefined) return { rows: current, asOf: undefined };
    if (asOf.at > now)
      return badRequest('asOfInTheFuture', 'asOf lies after now; what is due later stands in `deadlines`');
    const past = await engagements.asOf(caller.tenantId, id, asOf);
    return past === undefined ? notFound(`nothing of engagement ${id} by ${asOf.at}`) : { rows: past, asOf };
  };

  const oneEngagement = async (question: Question, id: string): Promise<Answered> => {
    const found = await engagementRows(question, id);
    if (!('rows' in found)) return found;
    const { engagements: heads, ...others } = found.rows;
    const tables = Object.fromEntries(
      Object.entries(others).map(([table, list]) => {
        const name = tableNamed(table);
        return [table, name === undefined || list === undefined ? [] : scoped(name, question.caller, list)];
      }),
    );
    return {
      body: {
        engagement: heads?.[0] ?? null,
        ...tables,
        ...(found.asOf !== undefined && { clock: found.asOf.clock, computedBy: 'today’s rules' }),
      },
      asOf: found.asOf?.at ?? question.now,
    };
  };

  const flags = async (question: Question): Promise<Answered> => {
    const { asked } = question;
    if (asked.pattern !== undefined && !patternNames.some((name) => name === asked.pattern)) {
      return badRequest('patternUnknown', `no pattern ${asked.pattern}; there are ${patternNames.join(', ')}`);
    }
    if (asked.rule !== undefined && ruleOf(asked.rule) === undefined)
      return badRequest('ruleUnknown', `no rule ${asked.rule}`);
    if (asked.status !== undefined && asked.status !== 'open' && asked.status !== 'cleared') {
      return badRequest('statusUnknown', 'status is open or cleared');
    }
    return await page(question, {
      table: 'flags',
      equals: {
        pattern: asked.pattern,
        rule: asked.rule,
        status: asked.status,
        openPattern: asked.status === 'open' ? asked.pattern : undefined,
      },
    });
  };

  const oneFlag = async (question: Question, flagId: string): Promise<Answered> => {
    const { caller, asked } = question;
    const engagementId = asked.engagement ?? (await engagementOfFlag(caller, flagId));
    if (engagementId === undefined) return notFound(`no flag ${flagId}`);
    const found = await engagementRows(question, engagementId);
    if (!('rows' in found)) return found;
    const flag = found.rows.flags?.find((row) => row.flagId === flagId);
    if (flag === undefined) return notFound(`no flag ${flagId} of engagement ${engagementId}`);
    const events = await engagements.events(caller.tenantId, engagementId);
    return { body: { flag, explanation: explainFlag(flag, events) }, asOf: found.asOf?.at ?? question.now };
  };

  const engagementOfFlag = async (caller: Caller, flagId: string): Promise<string | undefined> => {
    const request = { table: 'flags', caller, asked: { limit: '1' }, equals: { flagId } } as const;
    const listed = await list(rows, request);
    const engagementId: Cell | undefined = listed.ok ? listed.items[0]?.engagementId : undefined;
    return typeof engagementId === 'string' ? engagementId : undefined;
  };

  const engagementList = (question: Question): Promise<Answered> => {
    const { stage, flag } = question.asked;
    const flagged = (row: ReadRow): boolean =>
      flag === undefined ||
      (Array.isArray(row.openRules) &&
        row.openRules.some((rule) => rule === flag || ruleOf(String(rule))?.pattern === flag));
    return page(question, { table: 'engagements', equals: { stage }, keep: flagged });
  };

  const answer = async (question: Question): Promise<Answered> => {
    const { path, asked, caller, now } = question;
    const [room, id, part, ...rest] = path;
    const only = (...known: readonly string[]): Answered | undefined => unknownWord(asked, known);
    if (rest.length > 0) return notFound(`no route /v1/${path.join('/')}`);
    if (room === 'engagements' && id === undefined)
      return only('partner', 'stage', 'flag', 'cursor', 'limit') ?? (await engagementList(question));
    if (room === 'engagements' && id !== undefined && part === undefined)
      return only('asOf', 'clock') ?? (await oneEngagement(question, id));
    if (room === 'engagements' && id !== undefined && part === 'events') {
      const found = only() ?? (await engagementRows(question, id));
      if (!('rows' in found)) return found;
      return { body: { items: timelineOf(await engagements.events(caller.tenantId, id)) }, asOf: now };
    }
    if (room === 'flags' && id === undefined)
      return only('partner', 'pattern', 'rule', 'status', 'cursor', 'limit') ?? (await flags(question));
    if (room === 'flags' && id !== undefined && part === undefined)
      return only('engagement', 'asOf', 'clock') ?? (await oneFlag(question, id));
    if (room === 'tables' && id !== undefined && part === undefined) {
      const table = tableNamed(id);
      if (table === undefined) return notFound(`no table ${id}`);
      if (asked.format !== undefined && asked.format !== 'json') return badRequest('formatUnknown', 'format is json');
      return only('partner', 'format', 'cursor', 'limit') ?? (await page(question, { table, equals: {} }));
    }
    if (room === 'unmatched' && id === undefined) {
      if (caller.role !== 'vendor')
        return {
          problem: { status: 403, reason: 'vendorsOnly', detail: 'what waits unmatched belongs to no partner yet' },
        };
      return only() ?? { body: { items: await unmatched(caller.tenantId) }, asOf: now };
    }
    if (room === 'health' && id === undefined)
      return only() ?? { body: { ...(await health(caller.tenantId)) }, asOf: now };
    return notFound(`no route /v1/${path.join('/')}`);
  };

  return async (question: Question): Promise<HttpAnswer> => {
    const [answered, fresh] = await Promise.all([answer(question), freshness(question.caller.tenantId)]);
    if ('problem' in answered) return problemAnswer(answered.problem);
    return jsonAnswer(200, { ...answered.body, asOf: answered.asOf, freshness: fresh });
  };
};
