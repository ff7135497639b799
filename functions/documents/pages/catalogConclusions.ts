// How does the catalog page show the tables, and the rules with their thresholds?
import { patterns, rulesOnPartners } from '../../../domain/patterns/catalog.ts';
import type { BoundRule } from '../../../domain/patterns/pattern.ts';
import { rollups } from '../../../domain/rollups/catalog.ts';
import type { Rollup } from '../../../domain/rollups/rollup.ts';
import { askedTables } from '../../../domain/rows/catalog.ts';
import type { Table, TableIndex } from '../../../domain/rows/table.ts';
import { jsonSchemaOf } from '../jsonSchema.ts';
import { componentForm } from '../namedShapes.ts';
import { ruleTexts } from '../rules/catalog.ts';
import { rowSchema } from '../tableSchemas.ts';
import { fieldsOf } from './catalogFields.ts';
import { columnTable, facts } from './catalogTable.ts';
import { html, joined, type Markup } from './html.ts';

const indexOf = ({ name, columns, sort, acrossTenants, readBy }: TableIndex): Markup =>
  html`<code>${name}</code> by ${joined(columns.map((column) => html`<code>${column}</code>`))}${
    sort === undefined ? undefined : html`, in the order of <code>${sort}</code>`
  }${acrossTenants === undefined && readBy === undefined ? undefined : ' (the pipeline’s own)'}`;

/** What a table of groups is made of. */
const rolledUp = ({ over, alsoOver, describes }: Rollup): readonly [string, Markup] => [
  'Rolled up from',
  html`${joined([over, ...(alsoOver === undefined ? [] : [alsoOver])].map(({ name }) => html`<a href="#table-${name}"><code>${name}</code></a>`))}: ${describes}`,
];

/** Of a table that nothing stores. */
const readFrom: readonly [string, Markup] = [
  'Read from',
  html`<code>flags</code> and <code>partner_flags</code>, whose rows hold it: it is not stored again`,
];

const tablePart = (each: Table, besideDocuments: boolean): Markup => {
  const { name, describes, indexes, grain, key } = each;
  const rollup = rollups.find(({ writes }) => writes.name === name);
  return html`
<article id="table-${name}" aria-labelledby="table-${name}-name">
<h3 id="table-${name}-name"><a href="#table-${name}">${name}</a></h3>
<p>${describes}</p>
${facts([
  [
    'Key',
    html`<code>tenantId</code>, then <code>rowKey</code>, which joins ${joined(key.map((part) => html`<code>${part}</code>`))} by <code>#</code>`,
  ],
  ['Of', grain === 'group' ? html`a group of engagements` : html`one ${grain}`],
  ...(rollup === undefined ? [] : [rolledUp(rollup)]),
  ...(grain === 'flag' ? [readFrom] : [['Indexes', joined(indexes.map(indexOf), '; ')] as const]),
  ['Ask', html`<code>GET /v1/tables/${name}</code>`],
  ...(besideDocuments ? [['Schema', html`<a href="schemas/tables/${name}.json">${name}.json</a>`] as const] : []),
])}
${columnTable(`Columns of ${name}`, fieldsOf(jsonSchemaOf(rowSchema(each), componentForm('draft-2020-12'))))}
</article>`;
};

/** The tables' part of the page; their schemas may stand beside it. */
export const tablesPart = (besideDocuments: boolean): Markup => html`
<section id="tables" aria-labelledby="tables-name">
<h2 id="tables-name">Tables</h2>
<p class="lead">What Throughline concludes from the events. Every row can be computed again, for any date and any policy.</p>
${askedTables.map((each) => tablePart(each, besideDocuments))}
</section>`;

const thresholdsOf = ({ thresholds }: Pick<BoundRule, 'thresholds'>): Markup => {
  const { properties } = jsonSchemaOf(thresholds, { target: 'draft-2020-12' });
  const named = Object.entries(Object(properties)).map(
    ([name, schema]) => html`<code>${name}</code> ${JSON.stringify(Object(schema).default ?? null)}`,
  );
  return named.length === 0 ? html`none` : joined(named);
};

/** What the page tells of any rule, of engagements and of partners. */
type ToldRule = Pick<BoundRule, 'id' | 'title' | 'thresholds'>;

/** What a person reads about a rule; of a new one, of which nobody has written yet, its title and thresholds. */
const rulePart = (rule: ToldRule): Markup => {
  const text = ruleTexts[rule.id];
  const id = `rule-${rule.id}`;
  const told = (word: string, says: string | undefined): readonly (readonly [string, Markup])[] =>
    says === undefined ? [] : [[word, html`${says}`]];
  return html`
<section class="rule" id="${id}" aria-labelledby="${id}-name">
<h4 id="${id}-name"><a href="#${id}">${rule.id}</a> ${rule.title}</h4>
${text === undefined ? undefined : html`<p>${text.asks}</p>`}
${facts([
  ...told('Raised when', text?.raised),
  ['Thresholds', thresholdsOf(rule)],
  ...told('Because', text?.because),
  ...told('Severity', text?.severity),
  ...told('Evidence', text?.evidence),
  ...told('Clears when', text?.clears),
  ...(text === undefined
    ? []
    : [['No flag for', html`<ul>${text.knows.map((each) => html`<li>${each}</li>`)}</ul>`] as const]),
])}
</section>`;
};

/** The rules' part of the page. */
export const rulesPart = (): Markup => html`
<section id="rules" aria-labelledby="rules-name">
<h2 id="rules-name">Failure patterns</h2>
<p class="lead">The rules that raise flags. <a href="#PolicyPublished">PolicyPublished</a> sets their thresholds; the defaults are listed here, with
their reasons. A flag is one step more severe while an undecided term ends within 90 days or has ended. Whatever waits is raised five minutes after it was due.</p>
${patterns.map(
  ({ name, title, rules }) => html`
<article id="pattern-${name}" aria-labelledby="pattern-${name}-name">
<h3 id="pattern-${name}-name"><a href="#pattern-${name}">${title}</a> <small>${name}</small></h3>
${[...rules, ...rulesOnPartners.filter(({ pattern }) => pattern === name)].map(rulePart)}
</article>`,
)}
</section>`;
