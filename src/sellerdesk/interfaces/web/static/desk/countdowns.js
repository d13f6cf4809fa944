// Countdowns: <time data-due="ISO instant" data-clock="ISO instant of the server at rendering">text</time>.
// The wording comes from the server as patterns on <body data-countdown="…">, so that it is in the page's language.

const opened = Date.now();

function pieces(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 1) return ['days', days, hours];
  const all = Math.floor(minutes / 60);
  return all > 0 ? ['hours', all, minutes % 60] : ['minutes', minutes, 0];
}

export function wording(seconds, patterns) {
  const [unit, first, second] = pieces(seconds);
  const pattern = patterns[(seconds < 0 ? 'late_' : 'in_') + unit];
  return pattern ? pattern.replace('{a}', first).replace('{b}', second) : null;
}

function tick(patterns) {
  for (const element of document.querySelectorAll('time[data-due]')) {
    const server = Date.parse(element.dataset.clock);
    const passed = Date.now() - (Number(element.dataset.seen) || (element.dataset.seen = Date.now(), opened));
    const seconds = Math.round((Date.parse(element.dataset.due) - server - passed) / 1000);
    const text = wording(seconds, patterns);
    if (text && element.textContent !== text) element.textContent = text;
    element.classList.toggle('bad', seconds < 0);
  }
}

export function startCountdowns() {
  const source = document.querySelector('[data-countdown]');
  if (!source) return;
  const patterns = JSON.parse(source.dataset.countdown);
  setInterval(() => tick(patterns), 30000);
}
