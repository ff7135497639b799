// How is a table of fields shown? With a caption and row heads; where the screen is narrow each row stands as a block of its own.
import type { FieldRow } from './catalogFields.ts';
import { html, type Markup, prose } from './html.ts';

export interface ShownRow {
  readonly head: Markup;
  readonly cells: readonly Markup[];
}

/** Roles are said besides, since a table that is laid out as blocks loses its own. */
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

/** What is said: the fields, and whether each must be there. */
export const fieldTable = (caption: string, rows: readonly FieldRow[]): Markup =>
  table(
    caption,
    ['Field', 'Type', 'Required', 'Meaning'],
    rows.map((row) => ({
      head: nameOf(row),
      cells: [row.type, html`${row.presence}`, prose(row.meaning)],
    })),
  );

/** What is concluded: the columns, and whether each may be null. */
export const columnTable = (caption: string, rows: readonly FieldRow[]): Markup =>
  table(
    caption,
    ['Column', 'Type', 'Null', 'Meaning'],
    rows.map((row) => ({
      head: nameOf(row),
      cells: [row.type, html`${row.nullable ? 'may be null' : 'never null'}`, prose(row.meaning)],
    })),
  );

/** Pairs of a word and what it says. */
export const facts = (pairs: readonly (readonly [string, Markup])[]): Markup =>
  html`<dl>${pairs.map(([word, says]) => html`<div><dt>${word}</dt><dd>${says}</dd></div>`)}</dl>`;
