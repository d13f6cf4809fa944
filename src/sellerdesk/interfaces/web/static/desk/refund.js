// The refund forms: focus what needs reading, send once, let quick buttons fill in without a new page.

const form = document.getElementById('refund-form');
document.getElementById('problems')?.focus();

form?.addEventListener('submit', (event) => {
  const how = event.submitter?.value ?? 'refund';
  // Enter in a field presses the form's first button, which only looks: the panel does that by itself, so go there.
  if (event.submitter?.tabIndex === -1) {
    event.preventDefault();
    form.querySelector('[data-submit]')?.focus();
    return;
  }
  if (how !== 'refund') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  const button = form.querySelector('[data-submit]');
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    button.lastChild.textContent = form.dataset.busy;
  }
});

// The button names the amount that the panel reckoned. While another is being typed it names none, until the panel is new.
const SAYS_NOTHING_OF_MONEY = new Set(['reason', 'override', 'note', 'words']);
form?.addEventListener('input', (event) => {
  const button = form.querySelector('[data-submit][data-plain]');
  if (button && !SAYS_NOTHING_OF_MONEY.has(event.target.name)) button.lastChild.textContent = button.dataset.plain;
});

// Coming back with the browser's own button, the form can be sent again: its key makes that harmless.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && form) delete form.dataset.sent;
});
