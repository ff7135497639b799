// How does a person read what is there? As a page of text: of each tenant its stages, a table of flags and one flag explained; then next commands.

import { printable } from '../printable.ts';
import { flagTable } from './flagTable.ts';
import { type Hinted, hintsOf } from './hints.ts';
import type { Findings, Summary, TenantFindings } from './summary.ts';
import type { ReadEvidence } from './tenantReader.ts';

const count = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

const counted = (number: number, thing: string): string => `${count(number)} ${thing}${number === 1 ? '' : 's'}`;

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

const explanationOf = ({ explained, nameOf, partnerOf }: TenantFindings): readonly string[] => {
  if (explained === undefined) return [];
  const { flag, evidence } = explained;
  return [
    `One of them: ${flag.rule}, ${flag.title} (${flag.severity})`,
    `  ${flag.engagementId === '' ? 'Across engagements' : nameOf(flag.engagementId)}, led by ${partnerOf(flag)}; since ${minuteOf(flag.raisedAt)}`,
    ...evidence.map((piece) => `    ${sentenceOf(piece)}`),
    `  Clears when: ${flag.clearsWhen}`,
    `  Next step:   ${flag.nextStep}`,
    '',
  ];
};

const verdictOf = ({ found, missed, extra }: NonNullable<Summary['planted']>): string => {
  const list = (rules: typeof missed): string =>
    rules
      .map(({ rule, raisedAt, ...of }) => {
        const name =
          of.reference || (of.engagementId === '' ? `of partner ${of.partnerId}` : `of engagement ${of.engagementId}`);
        return `${rule} ${name} (${minuteOf(raisedAt)})`;
      })
      .join(', ');
  return [
    `The stories hold ${found + missed.length} planted failures: ${found} found`,
    missed.length === 0 ? '' : `, missed: ${list(missed)}`,
    extra.length === 0 ? '' : `; flagged though not planted (or of your own messages): ${list(extra)}`,
    extra.length === 0 ? ', and nothing else is flagged.' : '',
  ].join('');
};

const headOf = ({ summary }: TenantFindings, { sample, summary: { seconds } }: Findings): string => {
  const facts = summary.facts === null ? 'more facts than a start counts' : counted(summary.facts, 'fact');
  return sample?.tenant === summary.tenant
    ? `The sample channel, tenant ${summary.tenant}: ${sample.partners} partners, ${summary.engagements} engagements, ${count(sample.receipts)} messages, ${facts} (${seconds} s)`
    : `Tenant ${summary.tenant}: ${counted(summary.engagements, 'engagement')}, ${facts}`;
};

const tenantText = (tenant: TenantFindings, findings: Findings): readonly string[] => {
  const { summary, flags } = tenant;
  const { planted } = findings.summary;
  const open = flags.filter(({ status }) => status === 'open').length;
  const stages = Object.entries(summary.byStage).map(([stage, engagements]) => `${stage} ${engagements}`);
  return [
    headOf(tenant, findings),
    '',
    ...(stages.length === 0 ? [] : [`Engagements by stage: ${stages.join(', ')}`, '']),
    ...(flags.length === 0
      ? ['No flags.', '']
      : [
          `Flags: ${open} open, ${flags.length - open} cleared again. Open ones by partner and pattern:`,
          ...flagTable(tenant),
          ...(planted !== undefined && findings.sample?.tenant === summary.tenant ? [`  ${verdictOf(planted)}`] : []),
          '',
        ]),
    ...explanationOf(tenant),
  ];
};

/** The page. `underWay`: work is still being done, so that the numbers may change. */
export const summaryText = (
  findings: Findings,
  hinted: Omit<Hinted, 'tenant' | 'flag'> & { readonly underWay: boolean },
): string => {
  const { tenants } = findings;
  const [first] = tenants.toSorted((a, b) => b.summary.engagements - a.summary.engagements);
  return [
    '',
    ...(tenants.length === 0
      ? ['Nothing is recorded here yet.', '']
      : tenants.flatMap((tenant) => tenantText(tenant, findings).map(printable))),
    ...(hinted.underWay ? ['Work is still under way: these numbers may change.', ''] : []),
    ...hintsOf({
      ...hinted,
      ...(first !== undefined && { tenant: first.summary.tenant }),
      ...(first?.explained !== undefined && { flag: first.explained.flag }),
    }),
    '',
  ].join('\n');
};
