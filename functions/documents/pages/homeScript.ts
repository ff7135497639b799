// What does the first page do in a browser? With a token that a person gives it, it reads what is there by the API's own routes, and shows it.

/** The page's script. The token stays in the page's memory and goes only to this API. */
export const homeScript = `
const form = document.getElementById('ask');
const shown = document.getElementById('shown');
const said = document.getElementById('said');
const tag = (name, text, children = []) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
};
const row = (head, cells) => {
  const first = tag('th', head);
  first.scope = 'row';
  return tag('tr', undefined, [first, ...cells.map((cell) => tag('td', cell))]);
};
const tableOf = (caption, heads, rows) => {
  const top = heads.map((head) => { const cell = tag('th', head); cell.scope = 'col'; return cell; });
  const table = tag('table', undefined, [tag('caption', caption), tag('thead', undefined, [tag('tr', undefined, top)]), tag('tbody', undefined, rows)]);
  const wide = tag('div', undefined, [table]);
  wide.className = 'wide';
  wide.tabIndex = 0;
  return wide;
};
const countBy = (items, of) => {
  const counts = new Map();
  for (const item of items) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1);
  return counts;
};
const counted = (count, name) => count + ' ' + name + (count === 1 ? '' : 's');
const words = (name) => name.replace(/[A-Z]/g, (letter) => ' ' + letter.toLowerCase());
const pagesAtMost = 20;

const reader = (token) => {
  const get = async (path) => {
    const answer = await fetch(path, { headers: { authorization: 'Bearer ' + token }, cache: 'no-store' });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(answer.status === 401 ? 'The token is not valid here.' : (body.detail ?? 'It was answered ' + answer.status + '.'));
    return body;
  };
  const all = async (path) => {
    const items = [];
    let cursor;
    let pages = 0;
    do {
      const asked = new URLSearchParams({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
      const page = await get(path + (path.includes('?') ? '&' : '?') + asked);
      items.push(...page.items);
      cursor = page.cursor;
      pages += 1;
    } while (cursor !== undefined && pages < pagesAtMost);
    return { items, whole: cursor === undefined };
  };
  return { get, all };
};

const flagText = (flag, nameOf) => [
  tag('h3', flag.rule + ', ' + flag.title + ' (' + flag.severity + ')'),
  tag('p', (flag.engagementId === undefined ? 'Across engagements' : 'Engagement ' + (flag.reference ?? flag.engagementId)) + ', led by ' + nameOf(flag) + ', since ' + flag.raisedAt.slice(0, 10) + '.'),
  tag('ul', undefined, flag.evidence.map((piece) => tag('li', piece.kind === 'value'
    ? piece.name + ': ' + piece.value + ' (allowed: ' + piece.threshold + ')'
    : (piece.occurredAt ?? piece.until).slice(0, 16).replace('T', ' ') + ' ' + piece.says))),
  tag('p', 'Clears when: ' + flag.clearsWhen),
  tag('p', 'Next step: ' + flag.nextStep),
];

const summary = ({ engagements, flags, parties }) => {
  const names = new Map(parties.items.map((party) => [party.partyId, party.externalId ?? party.partyId]));
  const nameOf = (item) => item.leadPartnerId === null ? 'nobody' : (names.get(item.leadPartnerId) ?? item.leadPartnerId);
  const stageOf = ({ stage, endReason }) => endReason === null ? (stage ?? 'not opened') : endReason === 'lost' ? 'lost' : 'ended';
  const order = ['sell', 'procure', 'deliver', 'report', 'renew', 'ended', 'lost', 'not opened'];
  const byStage = [...countBy(engagements.items, stageOf)].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const patterns = [...new Set(flags.items.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)).map((flag) => flag.pattern))];
  const byPartner = Map.groupBy(flags.items, nameOf);
  const cells = (of) => [...patterns.map((pattern) => of.filter((flag) => flag.pattern === pattern).length), of.length].map((count) => count || '·');
  const severities = ['info', 'low', 'medium', 'high', 'critical'];
  const weight = (flag) => severities.indexOf(flag.severity) * 100 + flag.evidence.length;
  const [worst] = flags.items.toSorted((a, b) => weight(b) - weight(a));
  const part = engagements.whole && flags.whole ? [] : [tag('p', 'There is more than this page reads: these are the first ones. The tables have all.')];
  if (engagements.items.length === 0) return [tag('p', 'No engagements yet. README.md, “Connect a source”, says how they come.')];
  return [
    ...part,
    tableOf('Engagements by stage', ['Stage', 'Engagements'], byStage.map(([stage, count]) => row(stage, [count]))),
    ...(worst === undefined ? [tag('p', 'No open flags.')] : [
      tableOf('Open flags by partner and pattern', ['Partner', ...patterns.map(words), 'all'],
        [...[...byPartner].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => row(name, cells(of))), row('all', cells(flags.items))]),
      ...flagText(worst, nameOf),
    ]),
  ];
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { get, all } = reader(document.getElementById('token').value.trim());
  said.textContent = 'Reading …';
  shown.replaceChildren();
  try {
    const [engagements, flags, parties] = await Promise.all(['/v1/engagements', '/v1/flags?status=open', '/v1/tables/parties'].map(all));
    const health = await get('/v1/health').catch(() => undefined);
    const upToDate = health?.complete ? ' Every row is up to date.' : ' No row is known to be behind.';
    const behind = health === undefined ? '' : health.behind === 0 ? upToDate : ' Rows behind: ' + health.behind + '.';
    said.textContent = counted(engagements.items.length, 'engagement') + ', ' + counted(flags.items.length, 'open flag') + '.' + behind;
    shown.replaceChildren(...summary({ engagements, flags, parties }));
  } catch (error) {
    said.textContent = error.message;
  }
});
document.getElementById('asking').hidden = false;
for (const origin of document.querySelectorAll('.origin')) origin.textContent = location.origin;
`;
