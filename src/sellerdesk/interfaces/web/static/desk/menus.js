// Menus (<details data-menu>) close on a click elsewhere and on Escape; dialogs open from links that also work alone.

export function startMenus() {
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const menu = event.target.closest?.('details[data-menu][open]') ?? document.querySelector('details[data-menu][open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
    event.stopImmediatePropagation();
  });
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal || dialog.open) return;
  const opener = document.activeElement;
  dialog.showModal();
  dialog.querySelector('h2')?.focus();
  dialog.addEventListener('close', () => opener?.focus(), {once: true});
}

export function startDialogs() {
  document.addEventListener('click', async (event) => {
    const opener = event.target.closest('[data-open]');
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.open);
    }
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      event.preventDefault();
      await navigator.clipboard?.writeText(copy.dataset.copy);
      announce(copy.dataset.copied);
    }
    if (event.target.closest('[data-print]')) window.print();
  });
}

export function announce(text) {
  const place = document.getElementById('announcer');
  if (!place || !text) return;
  const toast = document.createElement('div');
  toast.className = 'toast';
  toast.textContent = text;
  place.replaceChildren(toast);
  setTimeout(() => toast.remove(), 4000);
}
