// The portal's only script: it counts down. Every page works without it, and it moves nobody anywhere (WCAG 2.2.1).

const shown = document.querySelector('[data-until]');
if (shown) {
  const until = Date.parse(shown.dataset.until);
  const server = Date.parse(shown.dataset.now); // the browser's own clock may be wrong
  const opened = performance.now();
  const announce = document.querySelector('[data-announce]');
  let told = '';
  const say = (text) => {
    if (announce && told !== text) announce.textContent = told = text;
  };
  const tick = () => {
    const left = Math.ceil((until - server - (performance.now() - opened)) / 1000);
    if (left <= 0) {
      shown.textContent = shown.dataset.over;
      say(shown.dataset.over);
      return;
    }
    const text = shown.dataset.left.replace('{m}', Math.floor(left / 60)).replace('{s}', left % 60);
    shown.textContent = `(${text})`;
    if (left <= 60) say(shown.dataset.soon);
    setTimeout(tick, 1000);
  };
  tick();
}
