// How is HTML written so that no text is taken for markup?

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

/** HTML from a template: inserted values are escaped, unless they are `Markup`; lists are joined, and undefined is left out. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  html: strings.map((text, index) => text + written(pieces[index])).join(''),
});

/** Pieces with a separator between them. */
export const joined = (pieces: readonly Piece[], separator = ', '): Markup =>
  html`${pieces.map((piece, index) => (index === 0 ? piece : [separator, piece]))}`;

/** Prose in which words between backticks become code. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
