// What does the catalog page do in a browser? It filters its articles by the words of the search, and shows this API's own address.

/** The page's script. Without it the page is whole, and has no search. */
export const catalogScript = `
const box = document.getElementById('search');
const found = document.getElementById('found');
const articles = [...document.querySelectorAll('main article')];
const texts = articles.map((article) => article.textContent.toLowerCase());
const show = (element, shown) => { element.hidden = !shown; };

const filter = () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter((word) => word !== '');
  const fits = texts.map((text) => words.every((word) => text.includes(word)));
  articles.forEach((article, index) => show(article, fits[index]));
  const shown = new Set(articles.filter((_, index) => fits[index]));
  for (const section of document.querySelectorAll('main section')) {
    const own = [...section.querySelectorAll('article')];
    const text = own.length > 0 ? own.some((article) => shown.has(article)) : words.every((word) => section.textContent.toLowerCase().includes(word));
    show(section, words.length === 0 || text);
  }
  for (const link of document.querySelectorAll('nav a')) {
    const target = document.getElementById(link.hash.slice(1));
    show(link.parentElement, target === null || !target.hidden);
  }
  found.textContent = words.length === 0 ? '' : fits.filter(Boolean).length + ' of ' + articles.length;
};

box.addEventListener('input', filter);
// A link to something that the search hides ends the search.
addEventListener('hashchange', () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target === null || target.closest('[hidden]') === null) return;
  box.value = '';
  filter();
  target.scrollIntoView();
});
document.getElementById('searching').hidden = false;
if (location.protocol.startsWith('http')) {
  for (const origin of document.querySelectorAll('.origin')) origin.textContent = location.origin;
}
`;
