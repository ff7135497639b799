// Does the catalog page show every event, shape, table and rule completely, as valid HTML?
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ruleIds, rules, rulesOnPartners } from '../../../domain/patterns/catalog.ts';
import { askedTables } from '../../../domain/rows/catalog.ts';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { sources } from '../../../events/sources/catalog.ts';
import { eventSchemaDocuments, saysOf, versionedName } from '../../../functions/documents/eventSchemas.ts';
import { jsonSchemaOf } from '../../../functions/documents/jsonSchema.ts';
import { componentForm, namedSchemas } from '../../../functions/documents/namedShapes.ts';
import { fieldsOf } from '../../../functions/documents/pages/catalogFields.ts';
import { catalogPage } from '../../../functions/documents/pages/catalogPage.ts';
import { html, prose } from '../../../functions/documents/pages/html.ts';
import { ruleTexts } from '../../../functions/documents/rules/catalog.ts';
import { rowSchema, tableSchemaDocuments } from '../../../functions/documents/tableSchemas.ts';
import { fixtures } from '../../support/fixtures.ts';

const Shapes = z.object({ properties: z.record(z.string(), z.object({ default: z.unknown() })) });

const page = catalogPage({ version: '1.2.3', fixtures, besideDocuments: true });

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const textOf = (markup: string): string => unescaped(markup.replaceAll(/<[^>]*>/g, '')).replaceAll(/\s+/g, ' ');

/** The markup of the article with this id. */
const articleOf = (id: string): string => {
  const found = page.match(new RegExp(`<article id="${id}"[\\s\\S]*?</article>`, 'g')) ?? [];
  expect(found, id).toHaveLength(1);
  return found[0] ?? '';
};
const rowHeads = (markup: string): readonly string[] =>
  [...markup.matchAll(/<th role="rowheader" scope="row">(.*?)<\/th>/g)].map(([, head = '']) => textOf(head));

describe('the catalog page', () => {
  it.each(eventTypes)('shows %s: its meaning, who says it, its stream, its fields, its fixture', (type) => {
    const article = articleOf(type);
    const text = textOf(article);
    expect(text).toContain(textOf(prose(saysOf(type)).html));
    expect(text).toContain(`version ${catalog[type].version}`);
    for (const stream of catalog[type].streams) expect(text).toContain(stream);
    for (const { name, defaultTypes } of sources) {
      const named = new RegExp(`Connections by default[^<]*<\\/dt><dd>[^<]*\\b${name}\\b`).test(article);
      expect(named, name).toBe(defaultTypes.includes(type));
    }
    const fields = fieldsOf(jsonSchemaOf(catalog[type].data, componentForm('draft-2020-12')));
    expect(rowHeads(article)).toEqual(fields.map(({ name }) => name));
    for (const { meaning } of fields) expect(text).toContain(textOf(prose(meaning).html));
    const shown = unescaped(/<pre><code>([\s\S]*?)<\/code>/.exec(article)?.[1] ?? '');
    expect(JSON.parse(shown)).toEqual(fixtures.get(versionedName(type)));
  });

  it('shows in one table who may say each type, which connections do by default, and why', () => {
    const section = /<section id="sayers"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(rowHeads(section)).toEqual(eventTypes);
    const rows = section.split('<tr role="row">').slice(2);
    for (const [index, type] of eventTypes.entries()) {
      const row = textOf(rows[index] ?? '');
      expect(row).toContain(textOf(prose(catalog[type].because).html));
      expect(catalog[type].because).toMatch(/^[A-Z].{20,}\.$/);
      const bySource = sources.filter(({ defaultTypes }) => defaultTypes.includes(type)).map(({ name }) => name);
      for (const name of bySource) expect(row).toContain(name);
    }
    const cellsOf = (type: EventType) =>
      [...(rows[eventTypes.indexOf(type)] ?? '').matchAll(/<td role="cell">(.*?)<\/td>/g)].map(([, cell = '']) =>
        textOf(cell),
      );
    expect(cellsOf('PartnerAssigned').slice(0, 3)).toEqual(["the vendor's people, systems", 'salesforce', 'never']);
    expect(cellsOf('OutcomeAgreed').slice(0, 3)).toEqual([
      "the vendor's people, a partner, systems",
      'salesforce, cloudevents',
      'salesforce, cloudevents',
    ]);
  });

  it.each(askedTables.map((table) => [table.name, table] as const))(
    'shows the table %s: its key, indexes and columns',
    (name, table) => {
      const article = articleOf(`table-${name}`);
      expect(textOf(article)).toContain(table.describes);
      for (const index of table.indexes) expect(article).toContain(`<code>${index.name}</code>`);
      expect(rowHeads(article)).toEqual(
        fieldsOf(jsonSchemaOf(rowSchema(table), componentForm('draft-2020-12'))).map((column) => column.name),
      );
    },
  );

  it.each([...rules, ...rulesOnPartners].map((rule) => [rule.id, rule] as const))(
    'shows %s: what it asks, its thresholds and their reason, its proof, and what it knows to be no failure',
    (id, { title, thresholds }) => {
      const found = page.match(new RegExp(`<section class="rule" id="rule-${id}"[\\s\\S]*?</section>`)) ?? [];
      const told = textOf(found[0] ?? '');
      expect(told).toContain(`${id} ${title}`);
      for (const [name, { default: standard }] of Object.entries(
        Shapes.parse(jsonSchemaOf(thresholds, { target: 'draft-2020-12' })).properties,
      )) {
        expect(told).toContain(`${name} ${JSON.stringify(standard)}`);
      }
      const text = ruleTexts[id];
      if (text === undefined) throw new Error(`functions/documents/rules has no text about ${id}`);
      const { knows, ...texts } = text;
      for (const text of [...Object.values(texts), ...knows]) expect(told).toContain(text);
      expect(texts.asks).toMatch(/\?$/);
      expect(knows.length).toBeGreaterThan(0);
      for (const sentence of [texts.raised, texts.because, texts.evidence, texts.clears, ...knows]) {
        expect(sentence).toMatch(/^[A-ZO0-9].*\.$/);
      }
    },
  );

  it('tells of no rule that there isn’t, and shows every shape', () => {
    expect(Object.keys(ruleTexts).sort()).toEqual([...ruleIds].sort());
    for (const name of Object.keys(namedSchemas('draft-2020-12'))) articleOf(`shape-${name}`);
  });

  it('leaves no field, column or shape without a meaning', () => {
    const form = componentForm('draft-2020-12');
    const everything = [
      ...eventTypes.map((type) => [type, jsonSchemaOf(catalog[type].data, form)] as const),
      ...askedTables.map((table) => [table.name, jsonSchemaOf(rowSchema(table), form)] as const),
    ];
    const unsaid = everything.flatMap(([of, schema]) =>
      fieldsOf(schema).flatMap(({ name, meaning }) => (meaning.endsWith('.') ? [] : [`${of}.${name}`])),
    );
    expect(unsaid).toEqual([]);
    for (const [name, shape] of Object.entries(namedSchemas('draft-2020-12'))) {
      expect(Object(shape).description, name).toMatch(/\.$/);
    }
  });

  it('links only to places on the page, and to files that are written beside it', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
    const links = [...page.matchAll(/ href="([^"]+)"/g)].map(([, link = '']) => link);
    const places = links.filter((link) => link.startsWith('#')).map((link) => link.slice(1));
    expect(places.filter((place) => !ids.includes(place))).toEqual([]);
    const written = [
      'openapi.json',
      'asyncapi.json',
      ...[...eventSchemaDocuments(fixtures).keys()].map((name) => `schemas/events/${name}.json`),
      ...[...tableSchemaDocuments().keys()].map((name) => `schemas/tables/${name}.json`),
    ];
    expect([...new Set(links.filter((link) => !link.startsWith('#')))].toSorted()).toEqual(written.toSorted());
  });

  it('has one script of its own, and marks its language, its title, its tables, and the heads of rows and columns', () => {
    expect(page).not.toMatch(/<script[^>]|\son\w+=|javascript:/i);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.match(/<table\b/g)?.length).toBe(
      page.match(/<table role="table">\s*<caption>[^<]+<\/caption>/g)?.length,
    );
    expect([...page.matchAll(/<th\b[^>]*>/g)].filter(([head]) => !/ scope="(col|row)"/.test(head))).toEqual([]);
    expect(page.indexOf('<a class="skip" href="#content">')).toBeLessThan(page.indexOf('<header>'));
  });

  it('closes every element that it opens, in order', () => {
    const open: string[] = [];
    for (const [, end, name = ''] of page
      .replace(/<style>[\s\S]*?<\/style>/, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (name === 'meta' || name === 'input') continue;
      if (end === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });
});

describe('html', () => {
  it('escapes every inserted text, but not its own markup', () => {
    expect(html`<p title="${'"'}">${"<b>&'"}${html`<i>${1}</i>`}${['<', html`<br>`]}${undefined}</p>`.html).toBe(
      '<p title="&quot;">&lt;b&gt;&amp;&#39;<i>1</i>&lt;<br></p>',
    );
    expect(prose('a `<b>` c').html).toBe('a <code>&lt;b&gt;</code> c');
  });
});
