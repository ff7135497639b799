// How is HTML written without a hole? A template in which every text is escaped, and only what was made here stands as it is.

/** A piece of HTML. */
export interface Markup {
  readonly html: string;
}

type Piece = string | number | Markup | undefined | readonly Piece[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

const isList = (piece: Piece): piece is readonly Piece[] => Array.isArray(piece);

const written = (piece: Piece): string => {
  if (piece === undefined) return '';
  if (isList(piece)) return piece.map(written).join('');
  return typeof piece === 'object' ? piece.html : escaped(String(piece));
};

/** HTML of a template: what is put in is escaped, unless it is HTML itself; lists are joined, undefined is nothing. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  html: strings.map((text, index) => text + written(pieces[index])).join(''),
});

/** Pieces with a separator between them. */
export const joined = (pieces: readonly Piece[], separator = ', '): Markup =>
  html`${pieces.map((piece, index) => (index === 0 ? piece : [separator, piece]))}`;

/** Prose whose words between backticks are code. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
