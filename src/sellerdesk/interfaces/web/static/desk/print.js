// A page that was printed by a form opens the browser's print window by itself.
window.addEventListener('load', () => window.print(), {once: true});
