// Filters of a list apply as soon as they are chosen; only the content of the page is swapped, by morphing, so that
// the focus stays where it is. Empty controls stay out of the address.

function tidy(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== '') query.append(name, value);
  const text = query.toString();
  return form.getAttribute('action') + (text ? '?' + text : '');
}

function go(url) {
  if (!window.htmx) return (location.href = url);
  return window.htmx.ajax('GET', url, {target: '#page', select: '#page', swap: 'morph:outerHTML', source: '#page', push: url});
}

export function startFilters() {
  document.addEventListener('change', (event) => {
    const form = event.target.closest('form[data-filters]');
    if (form && event.target.matches('select')) go(tidy(form));
  });
  document.addEventListener('submit', (event) => {
    const form = event.target.closest('form[data-filters]');
    if (!form) return;
    event.preventDefault();
    go(tidy(form));
  });
}
