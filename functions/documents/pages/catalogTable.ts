// How does the catalog page show a table of fields?
import type { FieldRow } from './catalogFields.ts';
import { html, type Markup, prose } from './html.ts';

export interface ShownRow {
  readonly head: Markup;
  readonly cells: readonly Markup[];
}

/** The roles are explicit: on a narrow screen each row is laid out as a block, and a table of blocks loses its own roles. */
export const table = (caption: string, heads: readonly string[], rows: readonly ShownRow[]): Markup => html`
<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(
  ({ head, cells }) => html`
<tr role="row"><th role="rowheader" scope="row">${head}</th>${cells.map((cell) => html`<td role="cell">${cell}</td>`)}</tr>`,
)}
</tbody>
</table>`;

const nameOf = ({ name, depth }: FieldRow): Markup => html`<code class="depth-${Math.min(depth, 3)}">${name}</code>`;

/** A table of fields, with whether each is required. */
export const fieldTable = (caption: string, rows: readonly FieldRow[]): Markup =>
  table(
    caption,
    ['Field', 'Type', 'Required', 'Meaning'],
    rows.map((row) => ({
      head: nameOf(row),
      cells: [row.type, html`${row.presence}`, prose(row.meaning)],
    })),
  );

/** A table of columns, with whether each may be null. */
export const columnTable = (caption: string, rows: readonly FieldRow[]): Markup =>
  table(
    caption,
    ['Column', 'Type', 'Null', 'Meaning'],
    rows.map((row) => ({
      head: nameOf(row),
      cells: [row.type, html`${row.nullable ? 'may be null' : 'never null'}`, prose(row.meaning)],
    })),
  );

/** Pairs of a term and its description. */
export const facts = (pairs: readonly (readonly [string, Markup])[]): Markup =>
  html`<dl>${pairs.map(([word, says]) => html`<div><dt>${word}</dt><dd>${says}</dd></div>`)}</dl>`;
