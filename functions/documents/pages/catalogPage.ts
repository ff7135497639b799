// How does one HTML page show the whole catalog to a person?
import * as z from 'zod';
import { patterns } from '../../../domain/patterns/catalog.ts';
import { askedTables } from '../../../domain/rows/catalog.ts';
import { recordedEnvelope } from '../../../events/envelope.ts';
import type { Fixtures } from '../eventSchemas.ts';
import { type JsonObject, jsonSchemaOf } from '../jsonSchema.ts';
import { componentForm, namedSchemas } from '../namedShapes.ts';
import { rulesPart, tablesPart } from './catalogConclusions.ts';
import { eventGroups, groupPart, sayersPart } from './catalogEvents.ts';
import { fieldsOf, typeOf } from './catalogFields.ts';
import { catalogScript } from './catalogScript.ts';
import { searchPart, startPart } from './catalogStart.ts';
import { catalogStyle } from './catalogStyle.ts';
import { fieldTable } from './catalogTable.ts';
import { html, type Markup, prose } from './html.ts';

const contents = (): Markup => {
  const links = (of: readonly (readonly [string, string])[]): Markup =>
    html`<ul>${of.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>`;
  return html`
<nav aria-label="Contents">
<ul>
<li><a href="#begin">How to begin</a></li>
<li><a href="#sayers">Who may say what</a></li>
<li><a href="#envelope">Envelope</a></li>
${eventGroups.map(({ id, title, types }) => html`<li><a href="#${id}">${title}</a>${links(types.map((type) => [type, type]))}</li>`)}
<li><a href="#shapes">Shapes</a></li>
<li><a href="#tables">Tables</a>${links(askedTables.map(({ name }) => [`table-${name}`, name]))}</li>
<li><a href="#rules">Failure patterns</a>${links(patterns.map(({ name, title }) => [`pattern-${name}`, title]))}</li>
</ul>
</nav>`;
};

const envelopePart = (): Markup => {
  const envelope = z.object({ ...recordedEnvelope(), type: z.string().describe('The event type.') });
  return html`
<section id="envelope" aria-labelledby="envelope-name">
<h2 id="envelope-name">Envelope</h2>
<p class="lead">The fields of every recorded event; <code>data</code> holds the fields of its type. A fact that is not recorded yet has neither
<code>version</code> nor <code>recordedAt</code>. On the bus, the detail-type is the type and the detail is the envelope.</p>
${fieldTable('Fields of the envelope', fieldsOf(jsonSchemaOf(envelope, componentForm('draft-2020-12'))))}
</section>`;
};

const shapePart = ([name, told]: readonly [string, unknown]): Markup => {
  const schema: JsonObject = Object(told);
  const fields = fieldsOf(schema);
  return html`
<article id="shape-${name}" aria-labelledby="shape-${name}-name">
<h3 id="shape-${name}-name"><a href="#shape-${name}">${name}</a></h3>
<p>${prose(typeof schema.description === 'string' ? schema.description : '')}${fields.length === 0 ? html` <span class="type">${typeOf(schema)}</span>` : undefined}</p>
${fields.length === 0 ? undefined : fieldTable(`Fields of ${name}`, fields)}
</article>`;
};

const shapesPart = (): Markup => html`
<section id="shapes" aria-labelledby="shapes-name">
<h2 id="shapes-name">Shapes</h2>
<p class="lead">Types that several fields share.</p>
${Object.entries(namedSchemas('draft-2020-12')).map(shapePart)}
</section>`;

export interface CatalogPageOptions {
  readonly version: string;
  readonly fixtures: Fixtures;
  /** Whether the other documents stand beside the page; the API itself serves only OpenAPI. */
  readonly besideDocuments: boolean;
}

/** The page's HTML, for a version of the product: how to begin, the envelope, events by stage, shapes, tables and rules. */
export const catalogPage = ({ version, fixtures, besideDocuments }: CatalogPageOptions): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Throughline: the catalog</title>
<style>${{ html: catalogStyle }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>Throughline: the catalog</h1>
<p>The events that systems and people say about a vendor’s channel, each with its fields and an example, and the conclusions from them.
Version ${version}. For machines: <a href="openapi.json">OpenAPI</a>${
    besideDocuments
      ? html`, <a href="asyncapi.json">AsyncAPI</a>, and a JSON Schema for each event and table`
      : html`; <code>npm run docs</code> writes AsyncAPI and JSON Schemas`
  }.</p>
${searchPart()}
</header>
<div class="page">
${contents()}
<main id="content" tabindex="-1">
${startPart()}
${sayersPart()}
${envelopePart()}
${eventGroups.map((group) => groupPart(group, { fixtures, besideDocuments }))}
${shapesPart()}
${tablesPart(besideDocuments)}
${rulesPart()}
</main>
</div>
<script>${{ html: catalogScript }}</script>
</body>
</html>
`.html;
