// What does a million facts cost, and what a month? The sample channel through the whole pipeline, every unit counted, in two patterns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPattern, recordedTypesIn } from '../../infra/constructs/eventPatterns.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { type Assembly, synthesize } from '../../infra/local/template/synthesize.ts';
import { org } from '../../infra/sample/salesforceRecords.ts';
import { type CostLine, totalOf } from './costLine.ts';
import { linesOf, narrowingSaves, secondLevelOf } from './costLines.ts';
import { type Pattern, patterns } from './costPlays.ts';
import { initLine, initsOf } from './initLines.ts';
import { createMeter } from './meter.ts';
import { monthlyLines } from './monthlyLines.ts';
import { prices } from './prices.ts';
import type { Bench, Figure } from './sideBySide.ts';
import { storedLines } from './storedLines.ts';

const windowSeconds = 1;
/** Dollars a million facts, by pattern; narrowed: relay sends only what a rule of the stack takes. */
const goals = [
  { whole: 8, narrowed: 7 },
  { whole: 12, narrowed: 11 },
] as const;
const factsAStory = 25;
/** The partner event source of the sample's CRM, which a stack must know before it starts. */
const partnerSource = `aws.partner/salesforce.com/${org}/throughline`;
/** The metrics that functions report themselves: `functions/aws/metrics.ts`. */
const ownMetrics = 12;

interface Bill {
  readonly lines: readonly CostLine[];
  readonly secondLevel: number;
  readonly narrowed: number;
  readonly stored: readonly CostLine[];
  readonly monthly: readonly CostLine[];
}

const billOf = async (pattern: Pattern, template: Assembly, stories: number | undefined): Promise<Bill> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-cost-'));
  let runtime: Runtime | undefined;
  const takenByRules = new Set<string>();
  const meter = createMeter(() => ({ functions: runtime?.plan.functions ?? [], takenByRules }));
  try {
    const { interceptor, onInvoked } = meter;
    // In a thread that functions share, the CPU time of one can't be told from that of the others.
    const looking = { placement: 'apart', interceptors: [interceptor], onInvoked } as const;
    runtime = await startRuntime({ dataDir, port: 0, template, ...looking });
    const { plan, endpoints, keys, engine } = runtime;
    for (const { pattern: of } of plan.rules) {
      for (const type of isPattern(of) ? recordedTypesIn(of) : []) takenByRules.add(type);
    }
    await pattern.play({ runtime, meter, windowSeconds, stories });
    const facts = meter.facts();
    const inits = await initsOf(plan.functions, { endpoints, keys });
    const lines = [...linesOf(meter), initLine(meter.running(), inits, { facts, pace: pattern.pace })];
    return {
      lines: lines.toSorted((a, b) => b.dollars - a.dollars),
      secondLevel: secondLevelOf(meter),
      narrowed: totalOf(lines) - narrowingSaves(meter),
      stored: await storedLines(engine.call, plan.tables, meter.factsEver()),
      monthly: monthlyLines({ template: JSON.parse(template.text), plan, metrics: ownMetrics }),
    };
  } finally {
    await runtime?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** The template with long timeouts, so that a slow machine counts no call twice. */
const patient = ({ text, ...assembly }: Assembly): Assembly => ({
  ...assembly,
  text: text.replaceAll(/"(Timeout|VisibilityTimeout)": ?\d+/g, '"$1": 3600'),
});

const unit = '$ a million facts';
const figureOf =
  (unit: string) =>
  ({ name, dollars }: CostLine): Figure => ({ name: `  ${name}`, unit, figure: dollars });

export const cost: Bench = async ({ facts }) => {
  const asked = { context: { gatherSeconds: String(windowSeconds) }, partnerSources: [partnerSource] };
  const template = patient(await synthesize(asked));
  const stories = facts === undefined ? undefined : Math.max(1, Math.round(facts / factsAStory));
  const figures: Figure[] = [];
  const bills: Bill[] = [];
  for (const [place, pattern] of patterns.entries()) {
    const bill = await billOf(pattern, template, stories);
    const { whole, narrowed } = goals[place] ?? goals[0];
    const name = `a million facts, ${pattern.name}, window ${windowSeconds} s`;
    figures.push(
      {
        ...{ name: `${name} (${prices.region}, prices of ${prices.on})`, unit, figure: totalOf(bill.lines) },
        goal: { is: 'atMost', value: whole },
      },
      {
        ...{ name: `${name}, relay narrowed to what our rules take`, unit, figure: bill.narrowed },
        goal: { is: 'atMost', value: narrowed },
      },
      { name: '  of it the second level', unit, figure: bill.secondLevel },
      ...bill.lines.map(figureOf(unit)),
    );
    bills.push(bill);
  }
  const [{ stored, monthly }] = [bills[0] ?? { stored: [], monthly: [] }];
  return [
    ...figures,
    { name: 'beside: a month of what a million facts leave behind', unit: '$ a month', figure: totalOf(stored) },
    ...stored.map(figureOf('$ a month')),
    { name: 'beside: a month, however many facts', unit: '$ a month', figure: totalOf(monthly) },
    ...monthly.map(figureOf('$ a month')),
  ];
};
