// The console's scripts. Every page works without them; they only make it quicker.
import {startCountdowns} from './countdowns.js';
import {startMenus, startDialogs} from './menus.js';
import {startSelection} from './selection.js';
import {startFilters} from './filters.js';
import {startShortcuts} from './shortcuts.js';

document.documentElement.classList.add('js');
startCountdowns();
startMenus();
startDialogs();
startSelection();
startShortcuts();
startFilters();
