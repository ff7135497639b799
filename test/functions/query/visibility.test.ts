// Does a partner find, on any route, a field that isn't declared for it? Every such field holds a value that tells where it comes from.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tableNamed } from '../../../domain/rows/catalog.ts';
import type { Fact } from '../../../events/catalog.ts';
import { Reference } from '../../../events/envelope.ts';
import { parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import type { Parameter } from '../../../functions/documents/readParameters.ts';
import type { ReadRoute } from '../../../functions/documents/readRoute.ts';
import { readRoutes } from '../../../functions/documents/readRoutes.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { tenantId } from '../../support/histories/events.ts';
import { beginning, type InTurn, idOf, ledInTurn, type Partner, partners } from '../../support/histories/ledInTurn.ts';
import { createMarks, type MarkedField, marksIn } from '../../support/histories/marked.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const names = ['a', 'b', 'c'] as const;

let engine: TestEngine;
let issuer: TestIssuer;
let tokens: Readonly<Record<Partner | 'vendor', string>>;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  const [vendor, a, b, c] = await Promise.all([
    people.vendor(),
    ...names.map((name) => people.partner(idOf(partners[name]))),
  ]);
  tokens = { vendor: vendor ?? '', a: a ?? '', b: b ?? '', c: c ?? '' };
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const leadAt = ({ spans }: InTurn, at: Instant): Partner | null =>
  spans.findLast((span) => span.at <= at)?.lead ?? null;

/** Whether a partner may see a field, by nothing but the history and what the field declares. */
const maySee = (history: InTurn, partner: Partner, { fact, by }: MarkedField): boolean => {
  const said = fact.saidBy?.partyId === idOf(partners[partner]);
  const led = parseStreamId(fact.streamId).kind === 'engagement' && leadAt(history, fact.occurredAt) === partner;
  return by.every(({ audience, objects }) => {
    const isOwn = (value: unknown): boolean =>
      Array.isArray(value) ? value.some(isOwn) : Reference.safeParse(value).data?.id === partners[partner].id;
    const named = 'namedBy' in audience && audience.namedBy.some((name) => objects.some((each) => isOwn(each[name])));
    switch (audience.kind) {
      case 'everyone':
        return true;
      case 'sayer':
        return said;
      case 'parties':
        return said || named;
      case 'lead':
        return said || led || named;
      case 'commercial':
      case 'vendor':
        return false;
      default:
        return audience satisfies never;
    }
  });
};

interface Asked {
  readonly route: string;
  readonly path: string;
  readonly asked: Readonly<Record<string, string>>;
}

/** The values that a parameter is asked with; undefined: it is left out. A parameter that is not known here has no value. */
const valuesOf = ({ name }: Parameter, dates: readonly Instant[]): readonly (string | undefined)[] => {
  switch (name) {
    case 'format':
      return ['json', 'csv', 'ndjson'];
    case 'asOf':
      return [undefined, ...dates];
    case 'clock':
      return [undefined, 'recorded'];
    case 'limit':
      return ['1000'];
    case 'from':
      return [addDays(beginning, -1)];
    case 'to':
      return [dates.toSorted().at(-1)];
    default:
      return [undefined];
  }
};

const waysOf = (route: ReadRoute, dates: readonly Instant[]): readonly Readonly<Record<string, string>>[] =>
  route.asked
    .reduce<readonly Readonly<Record<string, string>>[]>(
      (ways, parameter) =>
        ways.flatMap((way) =>
          valuesOf(parameter, dates).map((value) => (value === undefined ? way : { ...way, [parameter.name]: value })),
        ),
      [{}],
    )
    .filter((way) => way.clock === undefined || way.asOf !== undefined || way.to !== undefined)
    // A file of a date has the rows that its JSON has.
    .filter((way) => way.asOf === undefined || way.format === undefined || way.format === 'json');

/** Every request that the routes of the documents allow, for these things. A new route joins by itself. */
const requestsOf = (dates: readonly Instant[], things: Readonly<Record<string, readonly string[]>>): readonly Asked[] =>
  readRoutes.flatMap((route) => {
    const [part] = /\{(\w+)\}/.exec(route.path)?.slice(1) ?? [];
    const found = part === undefined ? [''] : things[part];
    if (found === undefined) throw new Error(`say here what {${part}} of ${route.path} may be`);
    return found.flatMap((thing) =>
      waysOf(route, dates).map((asked) => ({
        route: route.path,
        path: route.path.replace('/v1/', '').replace(`{${part}}`, encodeURIComponent(thing)),
        asked: part === 'flag' ? { ...asked, engagement: things.engagement?.[0] ?? '' } : asked,
      })),
    );
  });

/** The text of every page of an answer. */
const textOf = async (api: Api, token: string, { path, asked }: Asked): Promise<string> => {
  const texts: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.ask(token, path, { ...asked, ...(cursor !== undefined && { cursor }) });
    texts.push(answer.body);
    const said: unknown = asked.format === 'csv' || asked.format === 'ndjson' ? {} : JSON.parse(answer.body);
    const next = Object(said).cursor ?? answer.headers['x-next-cursor'];
    cursor = typeof next === 'string' && answer.statusCode === 200 ? next : undefined;
  } while (cursor !== undefined);
  return texts.join('');
};

/** Tables whose rows are a partner's own, whoever leads the engagement now. */
const isOwnTable = (route: string): boolean =>
  tableNamed(route.split('/')[3] ?? '')?.grain !== 'engagement' && route.startsWith('/v1/tables/');

let told = 0;

const recorded = async (history: InTurn, engagement: string) => {
  const api = await createApi(engine, issuer);
  const marks = createMarks();
  const facts: readonly Fact[] = history.facts.map(marks.marked);
  for (const fact of facts) {
    api.at(fact.occurredAt);
    await api.record(fact);
  }
  const now = addDays(beginning, 420);
  api.at(now);
  await api.project();
  await api.rollUp();
  const all = itemsOf(await api.get(tokens.vendor, 'flags', { limit: '1000' }));
  // One of each rule, with revenue at risk if there is one.
  const byRule = new Map(
    all
      .toSorted((x, y) => Number(y.arrAtRiskMinor === null) - Number(x.arrAtRiskMinor === null))
      .map(({ rule, flagId }) => [rule, String(flagId)]),
  );
  const dates = [addDays(beginning, 150), ...history.spans.map(({ at }) => at).slice(-1)];
  const requests = requestsOf(dates, { engagement: [engagement], flag: [...byRule.values()], receipt: ['r'], run: [] });
  return { api, marks, requests, lead: leadAt(history, now) };
};

it('no answer shows a partner a field that is not declared for it, and its timeline shows all that are', async () => {
  const histories = fc.constant(undefined).chain(() => {
    told += 1;
    const engagement = `e${told}`;
    return ledInTurn(engagement).map((history) => ({ engagement, history }));
  });
  await fc.assert(
    fc.asyncProperty(histories, async ({ engagement, history }) => {
      const { api, marks, requests, lead } = await recorded(history, engagement);
      const stream = streamIdOf(tenantId, 'engagement', engagement);
      const leaks = new Set<string>();
      for (const partner of names) {
        for (const asked of requests) {
          const text = await textOf(api, tokens[partner], asked);
          for (const found of marksIn(text)) {
            const field = marks.fields.get(found);
            if (field === undefined) continue;
            const isShown = partner === lead || isOwnTable(asked.route) || field.fact.streamId !== stream;
            if (!isShown || !maySee(history, partner, field))
              leaks.add(`${asked.route} shows ${partner} ${field.path}`);
          }
          if (partner !== lead && !isOwnTable(asked.route) && !asked.route.includes('{')) {
            expect(text, `${asked.route} for ${partner}`).not.toContain(engagement);
          }
        }
      }
      expect([...leaks].sort()).toEqual([]);
      const timeline = { route: '', path: `engagements/${engagement}/events`, asked: { limit: '1000' } };
      const ofVendor = marksIn(await textOf(api, tokens.vendor, timeline));
      const paths = [...marks.fields].filter(([, { fact }]) => fact.streamId === stream);
      const lost = paths.filter(([found, { fact }]) => fact.actor === undefined && !ofVendor.has(found));
      expect(
        lost.map(([, { path }]) => path),
        'the vendor sees what systems said',
      ).toEqual([]);
      if (lead === null) return;
      const ofLead = marksIn(await textOf(api, tokens[lead], timeline));
      const isHidden = ([found, field]: (typeof paths)[number]): boolean =>
        ofVendor.has(found) && maySee(history, lead, field) && !ofLead.has(found);
      expect(
        paths.filter(isHidden).map(([, { path }]) => path),
        'the lead sees what is declared for it',
      ).toEqual([]);
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 300_000);
