// How does a reader of the catalog begin? With a token, a first fact, and the question what came of it.
import { facts } from './catalogTable.ts';
import { html, type Markup } from './html.ts';

const origin: Markup = html`<span class="origin">http://127.0.0.1:4747</span>`;

const code = (lines: Markup): Markup => html`<pre><code>${lines}</code></pre>`;

/** The search box; the page's script shows it. */
export const searchPart = (): Markup => html`
<div id="searching" role="search" hidden>
<label for="search">Search</label>
<input id="search" type="search" placeholder="handoff, subscriptionId, P3.1 …" autocomplete="off" spellcheck="false">
<output id="found" for="search"></output>
</div>`;

/** How to begin. */
export const startPart = (): Markup => html`
<section id="begin" aria-labelledby="begin-name">
<h2 id="begin-name">How to begin</h2>
<p class="lead">Systems send what they know over <code>/webhooks/…</code>, people record what no system knows, and both become events. What follows from them
is read at <code>/v1/…</code>. Every type below is sent and recorded by the name that it has here.</p>
<h3>1. Get a token</h3>
<p>It says who you are, and of which tenant. On one machine <code>npm run token</code> makes one; a deployed stack takes those of its own issuer.</p>
${code(html`TOKEN=$(npm run --silent token -- --role vendor --tenant acme)`)}
<h3>2. Say something</h3>
<p>A person’s fact, by hand or by <code>npm run record</code>. The same key with the same data adds nothing.</p>
${code(html`curl -X POST ${origin}/v1/facts -H @- -H "idempotency-key: first" -H "content-type: application/json" \\
  -d '{ "type": "EngagementOpened", "data": {} }' ${'<<<'} "authorization: Bearer $TOKEN"`)}
<p>A system gets a connection: <code>npm run connect -- --help</code>. It sends CloudEvents whose <code>type</code> is <code>throughline.</code> and a type
below, and whose <code>data</code> has that type’s fields.</p>
<h3>3. Ask what follows</h3>
${code(html`curl -H @- "${origin}/v1/engagements" ${'<<<'} "authorization: Bearer $TOKEN"
curl -H @- "${origin}/v1/flags?status=open" ${'<<<'} "authorization: Bearer $TOKEN"`)}
${facts([
  ['Every route', html`<a href="openapi.json">OpenAPI</a>`],
  ['What is concluded', html`<a href="#tables">tables</a>, <a href="#rules">failure patterns</a>`],
  ['What an event carries', html`<a href="#envelope">envelope</a>`],
])}
</section>`;
