// The forms about cancelling: focus what needs reading, send once, keep the order when Escape is pressed.

const form = document.getElementById('cancel-form');
document.getElementById('problems')?.focus();

form?.addEventListener('submit', (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.submitter && event.submitter.value !== 'cancel') return;
  form.dataset.sent = '1';
  const button = form.querySelector('[data-submit]');
  if (button) {
    button.setAttribute('aria-disabled', 'true');
    button.lastChild.textContent = form.dataset.busy;
  }
});

// Coming back with the browser's own button, the form can be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && form) delete form.dataset.sent;
});
