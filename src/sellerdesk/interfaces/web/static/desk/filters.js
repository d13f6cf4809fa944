// Filters of a list apply as soon as they are chosen. Empty controls stay out of the address, and the control that was
// used has the focus again when the new list is there.

const KEY = 'sellerdesk-focus';

function address(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== '') query.append(name, value);
  const text = query.toString();
  return form.getAttribute('action') + (text ? '?' + text : '');
}

function go(form, name) {
  if (name) sessionStorage.setItem(KEY, name);
  location.assign(address(form));
}

function refocus() {
  const name = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (name) document.querySelector(`form[data-filters] [name="${CSS.escape(name)}"]:not([type=hidden])`)?.focus();
}

export function startFilters() {
  const form = (event) => event.target.closest('form[data-filters]');
  document.addEventListener('change', (event) => {
    if (form(event) && event.target.matches('select')) go(form(event), event.target.name);
  });
  document.addEventListener('submit', (event) => {
    if (!form(event)) return;
    event.preventDefault();
    go(form(event), document.activeElement?.name);
  });
  refocus();
}
