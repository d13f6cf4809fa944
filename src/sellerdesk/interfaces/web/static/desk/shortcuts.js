// Single-key shortcuts. They never fire while somebody types, composes with an input method, or has switched them off.

import {openDialog} from './menus.js';
import {currentRow, move, toggle} from './selection.js';

const on = () => document.body.dataset.shortcuts === 'on';
const typing = (target) => target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
const composing = (event) => event.isComposing || event.keyCode === 229;
let prefix = 0;

function follow(selector, from = document) {
  const link = from?.querySelector(selector);
  if (!link) return false;
  link.click();
  return true;
}

function select(event) {
  const box = currentRow()?.querySelector('input[data-row]');
  if (!box) return false;
  box.checked = event.shiftKey ? true : !box.checked;
  toggle(box, event.shiftKey);
  return true;
}

function search() {
  const box = document.getElementById('global-search');
  box?.focus();
  box?.select();
  return Boolean(box);
}

const scope = () => currentRow() ?? document;
const KEYS = {
  '/': search,
  '?': () => (openDialog('keys'), true),
  j: () => move(1),
  k: () => move(-1),
  x: select,
  X: select,
  s: () => follow('[data-key="s"]', scope()),
  p: () => follow('[data-key="p"]', scope()),
  c: () => follow('[data-key="c"]', scope()),
  f: () => follow('[data-key="f"]', scope()),
  u: () => follow('[data-key="u"]'),
  m: () => follow('[data-key="m"]', scope()),
  a: () => follow('[data-key="a"]', scope()),
  r: () => follow('[data-key="r"]', scope()),
  '[': () => follow('[data-key="["]'),
  ']': () => follow('[data-key="]"]'),
  g: () => ((prefix = Date.now()), true),
};

const PLACES = {o: 'orders', r: 'returns'};

function afterPrefix(key) {
  prefix = 0;
  return Object.hasOwn(PLACES, key) && follow(`.side a[href$="/desk/${PLACES[key]}/"]`);
}

function pressed(event) {
  if (composing(event)) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.('form');
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && !event.altKey) {
    if (search()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    if (typing(event.target)) event.target.blur();
    else follow('[data-key="Escape"]');
    return;
  }
  if (!on() || typing(event.target) || document.querySelector('dialog[open]')) return;
  const done = prefix && Date.now() - prefix < 1500 ? afterPrefix(event.key) : KEYS[event.key]?.(event);
  if (done) event.preventDefault();
}

export function startShortcuts() {
  document.addEventListener('keydown', pressed);
}
