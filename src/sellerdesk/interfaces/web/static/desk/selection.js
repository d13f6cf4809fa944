// Rows of a list: select all on the page, select a range with Shift, count what is selected, move with j and k.
// Without scripts the check boxes and the buttons of the form work as they are.

let anchor = null;

const boxes = () => [...document.querySelectorAll('input[data-row]')];
const rows = () => [...document.querySelectorAll('[data-order-row]')];

// "All that match" is offered once the whole page is chosen, and taken back with the first row that is not.
function matching(whole) {
  const label = document.querySelector('[data-matching]');
  if (!label) return null;
  label.hidden = !whole;
  const box = label.querySelector('input');
  if (!whole) box.checked = false;
  return box.checked ? label.dataset.matching : null;
}

function show() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  const chosen = matching(ticked > 0 && ticked === all.length) ?? ticked;
  const bar = document.querySelector('[data-bulk]');
  if (bar) {
    bar.classList.toggle('on', ticked > 0);
    const label = bar.querySelector('[data-bulk-count]');
    if (label) label.textContent = label.dataset.pattern.replace('{n}', chosen);
  }
  const head = document.querySelector('input[data-all-rows]');
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

export function toggle(box, range) {
  const all = boxes();
  if (range && anchor && all.includes(anchor)) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  anchor = box;
  show();
}

export const currentRow = () => document.activeElement?.closest?.('[data-order-row]') ?? null;

export function move(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step))];
  const link = next.querySelector('a[data-open-order]');
  (link ?? next).focus();
  next.scrollIntoView({block: 'nearest'});
  return true;
}

export function startSelection() {
  document.addEventListener('click', (event) => {
    const box = event.target;
    if (box.matches?.('input[data-row]')) toggle(box, event.shiftKey);
    if (box.matches?.('input[name=matching]')) show();
    if (box.matches?.('input[data-all-rows]')) {
      for (const one of boxes()) one.checked = box.checked;
      show();
    }
  });
  document.addEventListener('htmx:afterSettle', show);
  window.addEventListener('pageshow', show);
  show();
}
