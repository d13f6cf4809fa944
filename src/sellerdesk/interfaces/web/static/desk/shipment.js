// The shipment forms: focus what needs reading, take over a suggested carrier without a round trip, send once.

const form = document.getElementById('ship-form');
document.getElementById('problems')?.focus();

function take(button) {
  const select = document.getElementById(button.dataset.for);
  select.value = button.dataset.useCarrier;
  select.dispatchEvent(new Event('change', {bubbles: true}));
  select.focus();
}

form?.addEventListener('click', (event) => {
  const button = event.target.closest('[data-use-carrier]');
  if (!button) return;
  event.preventDefault();
  take(button);
});

// A number that tells its carrier fills an empty carrier; what somebody chose is never changed.
document.addEventListener('htmx:afterSettle', () => {
  for (const button of document.querySelectorAll('[data-use-carrier]')) {
    const select = document.getElementById(button.dataset.for);
    if (select.value) continue;
    select.value = button.dataset.useCarrier;
    select.dispatchEvent(new Event('change', {bubbles: true}));
  }
});

// A scanner ends a number with Enter: go on to the next field instead of confirming half a form.
form?.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
  if (!event.target.matches('input[name$="-tracking"]')) return;
  event.preventDefault();
  event.target.dispatchEvent(new Event('change', {bubbles: true}));
  document.getElementById(event.target.id.replace('-tracking', '-carrier')).focus();
});

form?.addEventListener('submit', (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  const button = form.querySelector('[data-submit]');
  const how = event.submitter?.value ?? 'confirm';
  if (button && how === 'confirm') {
    button.setAttribute('aria-disabled', 'true');
    button.lastChild.textContent = form.dataset.busy;
  }
});

// Coming back with the browser's own button, the form can be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && form) delete form.dataset.sent;
});
