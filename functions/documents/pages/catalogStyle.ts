// How does the catalog page look, in light and dark, on narrow and wide screens, and on paper?

/** The page's style sheet. */
export const catalogStyle = `
:root {
  --ground: #fbfbf9; --raised: #fff; --ink: #1d2327; --quiet: #5b666e; --line: #d9dcd8; --link: #0b5c7a; --code: #eef0ec; --mark: #0f766e;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #14181b; --raised: #1b2024; --ink: #e4e7e6; --quiet: #a0abb0; --line: #333b40; --link: #7cc7e3; --code: #252c31; --mark: #5fd0c0; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, .wide:focus-visible, summary:focus-visible, main:focus-visible { outline: 2px solid var(--mark); outline-offset: 3px; border-radius: 2px; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--raised); }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; }
header, .page { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; padding-bottom: 1.25rem; }
header p { max-width: 62ch; color: var(--quiet); margin: 0; }
h1 { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.015em; }
h2 { font-size: 1.55rem; line-height: 1.25; margin: 0; padding-top: .9rem; border-top: 3px solid var(--mark); letter-spacing: -.01em; }
h3 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .35rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h3 small { font-weight: 400; font-size: .85rem; color: var(--quiet); }
section { margin: 0 0 3.5rem; }
.lead { color: var(--quiet); margin: .35rem 0 1.4rem; max-width: 70ch; }
article { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 1.1rem 1.25rem 1.25rem; margin: 0 0 1.25rem; }
article > p { margin: 0 0 .8rem; max-width: 70ch; }
article > p:last-child { margin-bottom: 0; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0 0 1rem; }
dl div { min-width: 0; }
dt { font-size: .78rem; color: var(--quiet); }
dd { margin: 0; font-size: .93rem; overflow-wrap: anywhere; }
.rule { margin: 1.2rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
.rule h4 { font-size: 1rem; margin: 0 0 .3rem; }
.rule > p:not(.lead) { font-style: italic; margin: 0 0 .7rem; }
.rule dl { display: grid; gap: .45rem 1.25rem; margin: 0; }
.rule dl div { display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: 0 1rem; align-items: baseline; }
.rule dd { max-width: 70ch; }
.rule ul { margin: 0; padding-left: 1.1rem; }
table { width: 100%; border-collapse: collapse; font-size: .93rem; }
caption { text-align: left; font-size: .78rem; color: var(--quiet); padding: 0 0 .3rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; }
thead th { font-size: .78rem; color: var(--quiet); border-top: 0; padding-top: 0; }
tbody th { width: 29%; }
[role=table] td:nth-of-type(1) { width: 22%; color: var(--quiet); }
[role=table] td:nth-of-type(2):not(:last-child) { width: 11%; color: var(--quiet); white-space: nowrap; }
th code { font-weight: 600; }
th .depth-1, th .depth-2, th .depth-3 { font-weight: 400; display: inline-block; padding-left: .9rem; border-left: 2px solid var(--line); }
th .depth-2 { margin-left: .9rem; }
th .depth-3 { margin-left: 1.8rem; }
p code, dd code, td code { background: var(--code); border-radius: 3px; padding: .05em .3em; }
.type { color: var(--quiet); }
details { margin-top: .9rem; }
summary { cursor: pointer; color: var(--link); font-size: .93rem; }
pre { margin: .6rem 0 0; padding: .9rem 1rem; background: var(--code); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.45; }
nav { font-size: .9rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav > ul { display: flex; flex-wrap: wrap; gap: .35rem 1rem; padding-bottom: 1.5rem; }
nav ul ul { display: none; }
nav a { text-decoration: none; display: inline-block; padding: .1rem 0; }
nav a:hover { text-decoration: underline; }
.home main { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
.home section { margin-bottom: 2.5rem; }
.home article:not(:has(#shown:empty)) { margin-top: 1rem; }
article:has(#shown:empty) { display: none; }
.home :is(th, td) { overflow-wrap: normal; }
.home article dl { margin: 0; }
.wide { overflow-x: auto; margin-bottom: 1.5rem; }
#said { margin: .8rem 0; min-height: 1.5em; }
section > h3 { margin-top: 1.4rem; }
section > pre { background: var(--code); }
section > pre, section > dl { margin: .6rem 0 1rem; }
section > p:not(.lead) { margin: 0; max-width: 70ch; }
[hidden] { display: none !important; }
form, #searching { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .8rem; }
#searching { margin-top: 1.1rem; }
label { font-size: .93rem; color: var(--quiet); }
input { flex: 1 1 14rem; max-width: 34rem; min-width: 0; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--quiet); border-radius: 6px; padding: .45rem .7rem; }
button { font: inherit; color: var(--ground); background: var(--link); border: 0; border-radius: 6px; padding: .5rem 1.1rem; cursor: pointer; }
input:focus-visible, button:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
output { font-size: .93rem; color: var(--quiet); }
@media (min-width: 64rem) {
  .page { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); gap: 3rem; align-items: start; }
  nav { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 1rem 0 2rem; scrollbar-width: thin; }
  nav > ul { display: block; padding: 0; }
  nav > ul > li { margin-bottom: .7rem; }
  nav > ul > li > a { font-weight: 600; color: var(--ink); }
  nav ul ul { display: block; padding-left: .8rem; border-left: 1px solid var(--line); font-size: .85rem; line-height: 1.4; }
}
@media (max-width: 40rem) {
  article { padding: .9rem 1rem 1rem; border-radius: 6px; }
  [role=table], [role=table] :is(caption, tbody, tr, th, td) { display: block; width: auto !important; }
  [role=table] thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  [role=table] tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  [role=table] :is(th, td) { border: 0; padding: 0; }
  [role=table] td:nth-of-type(1), [role=table] td:nth-of-type(2):not(:last-child) { display: inline; font-size: .85rem; }
  [role=table] td:nth-of-type(2):not(:last-child)::before { content: ", "; }
}
@media print {
  :root { --ground: #fff; --raised: #fff; --ink: #000; --quiet: #444; --line: #bbb; --link: #000; --code: #f4f4f4; --mark: #000; }
  body { font-size: 10pt; }
  nav, .skip, form, #searching { display: none; }
  .page { display: block; }
  article, tr, h2, h3 { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  article { border: 0; padding: 0; break-inside: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
