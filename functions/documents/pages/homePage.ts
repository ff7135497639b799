// What does the first page of the API say? What this is, where to go, how to get a token, and with one what is there.
import { catalogStyle } from './catalogStyle.ts';
import { facts } from './catalogTable.ts';
import { homeScript } from './homeScript.ts';
import { html, type Markup } from './html.ts';

const origin: Markup = html`<span class="origin">http://127.0.0.1:4747</span>`;

const askPart = (): Markup => html`
<section id="asking" aria-labelledby="asking-name" hidden>
<h2 id="asking-name">What is there</h2>
<p class="lead">With a token this page reads it from this API. The token is kept nowhere: it is gone with the page.</p>
<form id="ask">
<label for="token">Token</label>
<input id="token" type="password" autocomplete="off" spellcheck="false" required>
<button>Show</button>
</form>
<p id="said" role="status"></p>
<article><div id="shown"></div></article>
</section>`;

/** The page's HTML, for a version of the product. */
export const homePage = ({ version }: { readonly version: string }): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Throughline</title>
<style>${{ html: catalogStyle }}</style>
</head>
<body class="home">
<header>
<h1>Throughline</h1>
<p>Follows the value that a vendor’s channel creates, from the offer a partner designs to the renewal a customer decides on, and tells, with the
evidence, where the channel fails. Version ${version}.</p>
</header>
<main id="content">
<section id="where" aria-labelledby="where-name">
<h2 id="where-name">Where to go</h2>
<article>
${facts([
  ['What can be said, and what follows', html`<a href="docs">the catalog</a>`],
  ['Every route, for machines and their authors', html`<a href="openapi.json">OpenAPI</a>`],
  ['Whether rows are behind (token of the vendor)', html`<code>GET /v1/health</code>`],
  ['Where every engagement stands (token)', html`<code>GET /v1/engagements</code>`],
  ['Failure patterns (token)', html`<code>GET /v1/flags?status=open</code>`],
])}
</article>
</section>
<section id="tokens" aria-labelledby="tokens-name">
<h2 id="tokens-name">Get a token</h2>
<p class="lead">Everything of a tenant is read with a token that says who asks. On one machine:</p>
<pre><code>TOKEN=$(npm run --silent token -- --role vendor --tenant acme)
curl -H @- "${origin}/v1/engagements" ${'<<<'} "authorization: Bearer $TOKEN"</code></pre>
<p class="lead"><code>npm start</code> prints these lines with the tenant, the data directory and the port of its instance. The sample’s tenant is <code>northwind</code>. A deployed stack takes tokens of its own issuer: README.md, “Deploy”.</p>
</section>
${askPart()}
</main>
<script>${{ html: homeScript }}</script>
</body>
</html>
`.html;
