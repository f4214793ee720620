// What every page does. Everything here is an improvement: the pages work without it, only not by themselves.
import { startLive } from './live.js';
import { startForms } from './forms.js';
import { startAges } from './ages.js';

document.documentElement.classList.add('scripted');

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `seamless.zone=${encodeURIComponent(zone)};path=/;max-age=34560000;samesite=lax`;

startAges();
startForms();
if (document.querySelector('[data-live], #clock')) startLive();
if (document.querySelector('alert-list')) import('./alerts.js');
// The last two are read without a login, from where requests are counted.
for (const [mark, region, everyMs] of [['[data-backtest-running]', 'backtest-run', 500], ['[data-training-running]', 'model-jobs', 500], ['[data-session-shared]', 'session', 5000], ['[data-session-tracked]', 'sessions', 15000]]) {
    if (document.querySelector(mark)) import('./follow.js').then(script => script.follow(mark, region, everyMs));
}
if (document.querySelector('rule-editor')) import('./rule-editor.js');
loadCharts();

/** Charts and the map come with the library; pages without them never load it. */
export function loadCharts() {
    if (document.querySelector('trend-group')) import('./trend.js');
    if (document.querySelector('site-map')) import('./map.js');
}

// A menu closes when one looks elsewhere or presses Escape.
document.addEventListener('click', event => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
        if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest?.('[data-print]')) print();
});
document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    const menu = event.target.closest?.('details.menu[open]') ?? document.querySelector('details.menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
});
