// The forms about a return: focus what needs reading, send once, let a scanner's Enter go on instead of sending half a form.

const form = document.getElementById('return-form');
document.getElementById('problems')?.focus();

form?.addEventListener('submit', (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.submitter?.value === 'update') return;
  form.dataset.sent = '1';
  const button = event.submitter ?? form.querySelector('[data-submit]');
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    button.lastChild.textContent = form.dataset.busy;
  }
});

// Coming back with the browser's own button, the form can be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && form) delete form.dataset.sent;
});
