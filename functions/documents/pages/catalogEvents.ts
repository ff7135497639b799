// How does the catalog page show each event, and in which groups?
import { controlOwns, handoffTypes, lifecycle } from '../../../domain/lifecycle.ts';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { sources } from '../../../events/sources/catalog.ts';
import { neverForPartners, typesForPartner } from '../../../events/sources/defaultTypes.ts';
import { type Fixtures, saysOf, versionedName } from '../eventSchemas.ts';
import { jsonSchemaOf } from '../jsonSchema.ts';
import { componentForm } from '../namedShapes.ts';
import { fieldsOf } from './catalogFields.ts';
import { facts, fieldTable, table } from './catalogTable.ts';
import { html, joined, type Markup, prose } from './html.ts';

/** A part of the page: events that belong together. */
export interface EventGroup {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly types: readonly EventType[];
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const opening = (stage: (typeof lifecycle)[number]): string =>
  stage.opensOn.length === 0
    ? 'No event opens it. An engagement that names an offer or a campaign shows the stage.'
    : `Opened by ${stage.opensOn.map(({ type, when }) => `\`${type}\`${when === undefined ? '' : ` (${Object.values(when).join(', ')})`}`).join(' or ')}.`;

const grouped: readonly EventGroup[] = [
  ...lifecycle.map((entry) => ({
    id: entry.stage,
    title: capital(entry.stage),
    says: opening(entry),
    types: entry.owns,
  })),
  {
    id: 'handoffs',
    title: 'Handoffs',
    says: 'Between any two stages. The stage that takes over records them.',
    types: handoffTypes,
  },
  { id: 'control', title: 'Control', says: "The pipeline's own facts.", types: controlOwns },
];

/** Every event type, in groups: the stages in order, handoffs, control, and the events that only the pipeline says. */
export const eventGroups: readonly EventGroup[] = [
  ...grouped,
  {
    id: 'pipeline',
    title: 'Pipeline',
    says: 'Only the pipeline itself says these.',
    types: eventTypes.filter((type) => !grouped.some(({ types }) => types.includes(type))),
  },
];

const sayers = { vendor: "the vendor's people", partner: 'a partner', system: 'systems' } as const;

const saidBy = (type: EventType): Markup => {
  const who = catalog[type].saidBy.map((sayer) => sayers[sayer]);
  return html`${who.length === 0 ? 'the pipeline itself' : who.join(', ')}`;
};

const boundConnections = (type: EventType): Markup => {
  if (neverForPartners.includes(type)) return html`never`;
  const named = sources.filter(({ defaultTypes }) => typesForPartner(defaultTypes, []).includes(type));
  return html`${named.length > 0 ? named.map(({ name }) => name).join(', ') : 'none, unless the connection is allowed to'}`;
};

const connections = (type: EventType): Markup => {
  const named = sources.filter(({ defaultTypes }) => defaultTypes.includes(type)).map(({ name }) => name);
  if (named.length > 0) return html`${named.join(', ')}`;
  return html`${catalog[type].saidBy.includes('system') ? 'none, unless the connection is allowed to' : 'none'}`;
};

/** The table of all types: who may say each, which connections do by default, and why. */
export const sayersPart = (): Markup => html`
<section id="sayers" aria-labelledby="sayers-name">
<h2 id="sayers-name">Who may say what</h2>
<p class="lead">A partner’s people record on engagements that their partner leads. A connection says what its source says by default, and what
<code>--allow</code> lists for it. A connection that is bound to a partner (<code>--partner</code>) speaks as that partner: of engagements that
it leads, of its own offers and campaigns, and by default only what a partner may say. What a connection may not say waits, with the reason.</p>
${table(
  'Who may say each type, and why',
  ['Type', 'Said by', 'Connections by default', 'Bound connections by default', 'Because'],
  eventTypes.map((type) => ({
    head: html`<a href="#${type}">${type}</a>`,
    cells: [saidBy(type), connections(type), boundConnections(type), prose(catalog[type].because)],
  })),
)}
</section>`;

const opens = (type: EventType): Markup | undefined => {
  const stages = lifecycle.flatMap(({ stage, opensOn }) =>
    opensOn
      .filter((opener) => opener.type === type)
      .map(({ when }) => {
        const where = Object.entries(when ?? {}).map(
          ([field, value]) => html`, where <code>${field}</code> is <code>${value}</code>`,
        );
        return html`<a href="#${stage}">${capital(stage)}</a>${where}`;
      }),
  );
  return stages.length === 0 ? undefined : joined(stages);
};

const fixtureOf = (name: string, fixtures: Fixtures): Markup => {
  const fixture = fixtures.get(name);
  return fixture === undefined
    ? html``
    : html`
<details><summary>Fixture ${name}</summary><pre><code>${JSON.stringify(fixture, undefined, 2)}</code></pre></details>`;
};

const versionsOf = (type: EventType): readonly number[] =>
  Array.from({ length: catalog[type].version }, (_, index) => catalog[type].version - index);

interface ShownWith {
  readonly fixtures: Fixtures;
  /** Whether the schemas stand beside the page. */
  readonly besideDocuments: boolean;
}

/** One event's part of the page. */
const eventPart = (type: EventType, { fixtures, besideDocuments }: ShownWith): Markup => {
  const { streams, version, data } = catalog[type];
  const name = versionedName(type);
  const opened = opens(type);
  const fields = fieldsOf(jsonSchemaOf(data, componentForm('draft-2020-12')));
  return html`
<article id="${type}" aria-labelledby="${type}-name">
<h3 id="${type}-name"><a href="#${type}">${type}</a> <small>version ${version}</small></h3>
<p>${prose(saysOf(type))}</p>
${facts([
  ['Said by', saidBy(type)],
  ['Because', prose(catalog[type].because)],
  ['Connections by default', connections(type)],
  ['Stream', joined(streams, ' or ')],
  ...(opened === undefined ? [] : [['Opens', opened] as const]),
  ...(besideDocuments ? [['Schema', html`<a href="schemas/events/${name}.json">${name}.json</a>`] as const] : []),
])}
${fieldTable(`Fields of ${type}`, fields)}
${versionsOf(type).map((each) => fixtureOf(`${type}.v${each}`, fixtures))}
</article>`;
};

/** A group's part of the page. */
export const groupPart = ({ id, title, says, types }: EventGroup, shown: ShownWith): Markup => html`
<section id="${id}" aria-labelledby="${id}-name">
<h2 id="${id}-name">${title}</h2>
<p class="lead">${prose(says)}</p>
${types.map((type) => eventPart(type, shown))}
</section>`;
