/**
 * What a page does beyond showing: columns sort at a click on their heading, sliders show one frame of an image after
 * the other, and pictures enlarge. Without scripts all is still there to read.
 */
export const PAGE_SCRIPT = `
for (const table of document.querySelectorAll('table.sortable')) {
  const body = table.querySelector('tbody');
  const heads = Array.from(table.querySelectorAll('thead th'));
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const falling = head.getAttribute('aria-sort') === 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      const valueOf = ({ children }) =>
        children[column].getAttribute('data-value') || children[column].textContent.trim();
      const compare = (a, b) => parseFloat(a) - parseFloat(b) || a.localeCompare(b);
      const rows = Array.from(body.children).map((row) => ({ row, value: valueOf(row) }));
      rows.sort((a, b) => (falling ? -1 : 1) * compare(a.value, b.value));
      body.append(...rows.map(({ row }) => row));
    });
  });
}
for (const range of document.querySelectorAll('.sweep input')) {
  const frames = Array.from(range.closest('.example').querySelectorAll('[data-frame]'));
  const show = () => {
    for (const part of frames) part.hidden = part.getAttribute('data-frame') !== range.value;
    const shown = frames.filter((part) => !part.hidden).map((part) => part.textContent.trim());
    range.setAttribute('aria-valuetext', shown.reverse().join('; '));
  };
  range.hidden = false;
  range.addEventListener('input', show);
  show();
}
const pairs = document.querySelectorAll('.pair');
if (pairs.length > 0 && typeof HTMLDialogElement === 'function') {
  const view = document.createElement('dialog');
  view.className = 'view';
  view.addEventListener('click', () => view.close());
  document.body.append(view);
  for (const pair of pairs) {
    const button = document.createElement('button');
    button.className = 'enlarge';
    button.setAttribute('aria-label', 'Enlarge');
    pair.before(button);
    button.append(pair);
    button.addEventListener('click', () => {
      view.replaceChildren(pair.cloneNode(true), pair.closest('li').querySelector('p').cloneNode(true));
      view.showModal();
    });
  }
}
`;

/** Base64 SHA-256 of the script, by which the page allows it and no other. */
export const PAGE_SCRIPT_SHA256 = 'rBTs0cqf2LGWb608gt/mkDeK3LQ0Rzga3Q+FduWMRfo=';
