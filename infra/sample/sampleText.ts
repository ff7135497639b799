// How does a person read the results of the sample? As a page of text: stages, a table of flags, one flag explained, and next commands.

import type { ReadEvidence } from './channelReader.ts';
import { flagTable } from './flagTable.ts';
import { partners, tenantId } from './participants.ts';
import { isPlantedRule } from './plantedRules.ts';
import type { SampleFindings } from './sampleSummary.ts';

const count = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

const minuteOf = (instant: unknown): string => String(instant).slice(0, 16).replace('T', ' ');

const sentenceOf = ({ kind, row }: ReadEvidence): string => {
  switch (kind) {
    case 'event':
      return `${minuteOf(row.occurredAt)}  ${String(row.type).padEnd(22)} ${row.says}`;
    case 'silence':
      return `${minuteOf(row.until)}  ${`no ${row.of}`.padEnd(22)} ${row.says}`;
    default:
      return `${''.padEnd(16)}  ${String(row.name)}: ${row.value} (allowed: ${row.threshold})`;
  }
};

const explanationOf = ({ explained, dealOf, partnerOf }: SampleFindings): readonly string[] => {
  if (explained === undefined) return [];
  const { flag, evidence } = explained;
  const deal = dealOf(flag.engagementId);
  return [
    `One of them: ${flag.rule}, ${flag.title} (${flag.severity})`,
    `  ${deal?.customer ?? flag.engagementId}, ${deal?.reference ?? ''}, led by ${partnerOf(flag)}; since ${minuteOf(flag.raisedAt)}`,
    ...evidence.map((piece) => `    ${sentenceOf(piece)}`),
    `  Clears when: ${flag.clearsWhen}`,
    `  Next step:   ${flag.nextStep}`,
    '',
  ];
};

const verdictOf = ({ summary: { planted }, flags }: SampleFindings): string => {
  const { found, missed, extra } = planted;
  const list = (rules: typeof missed): string => rules.map(({ rule, reference }) => `${rule} ${reference}`).join(', ');
  const others = flags.filter(({ rule }) => !isPlantedRule(rule)).length;
  return [
    `The stories hold ${found + missed.length} planted failures: ${found} found`,
    missed.length === 0 ? '' : `, missed: ${list(missed)}`,
    extra.length === 0 ? '' : `; flagged though not planted: ${list(extra)}`,
    others === 0 ? '' : `; flags by rules that no story plants: ${others}`,
    extra.length + others === 0 ? ', and nothing else is flagged.' : '',
  ].join('');
};

/** The closing page. `url` is the API's, `dataDir` as the person named it. */
export const sampleText = (
  findings: SampleFindings,
  { url, dataDir }: { readonly url: string; readonly dataDir: string },
): string => {
  const { summary, explained, flags } = findings;
  const open = flags.filter(({ status }) => status === 'open').length;
  const stages = Object.entries(summary.byStage).map(([stage, engagements]) => `${stage} ${engagements}`);
  const data = dataDir === '.throughline' ? '' : ` --data ${dataDir}`;
  const flag = explained?.flag;
  return [
    '',
    `The sample channel: ${partners.length} partners, ${summary.engagements} engagements, ${count(summary.receipts)} messages, ${count(summary.facts)} facts (${summary.seconds} s)`,
    '',
    `Engagements by stage: ${stages.join(', ')}`,
    '',
    `Flags: ${open} open, ${flags.length - open} cleared again. Open ones by partner and pattern:`,
    ...flagTable(findings),
    `  ${verdictOf(findings)}`,
    '',
    ...explanationOf(findings),
    'Look further:',
    `  TOKEN=$(npm run --silent token -- --role vendor --tenant ${tenantId}${data})`,
    `  curl -H "authorization: Bearer $TOKEN" "${url}/v1/flags?status=open"`,
    ...(flag === undefined
      ? []
      : [
          `  curl -H "authorization: Bearer $TOKEN" "${url}/v1/flags/${flag.flagId}"`,
          `  curl -H "authorization: Bearer $TOKEN" "${url}/v1/engagements/${flag.engagementId}/events"`,
        ]),
    `  curl -H "authorization: Bearer $TOKEN" "${url}/v1/tables/subscriptions"`,
    '  README.md tells what else there is, and how to connect your own systems.',
    '',
  ].join('\n');
};
