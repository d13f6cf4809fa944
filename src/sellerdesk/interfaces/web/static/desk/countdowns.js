// Countdowns: <time data-due="ISO instant">text</time>. An element of the page carries data-countdown, the patterns of
// the page's language, and data-clock, the server's instant at rendering: the clock of the browser may be wrong.

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

// The page's own clock: the server's instant at rendering, and how long the page has been open since.
let server = 0;
let seen = '';
let opened = 0;

function tick() {
  const source = document.querySelector('[data-countdown]');
  if (!source) return;
  if (source.dataset.clock !== seen) {
    seen = source.dataset.clock;
    server = Date.parse(seen);
    opened = Date.now();
  }
  const patterns = JSON.parse(source.dataset.countdown);
  for (const element of document.querySelectorAll('time[data-due]')) {
    const seconds = Math.round((Date.parse(element.dataset.due) - server - (Date.now() - opened)) / 1000);
    const text = wording(seconds, patterns);
    if (text && element.textContent !== text) element.textContent = text;
    if (seconds < 0) element.classList.add('bad');
  }
}

export function startCountdowns() {
  tick();
  setInterval(tick, 30000);
}
