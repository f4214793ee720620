// Keeps "3 min ago" and the clock true, in the words of the page.
const words = document.body.dataset;
const fill = (pattern, value) => pattern.replace('{0}', value);

function span(ms) {
    const s = Math.floor(Math.abs(ms) / 1000);
    if (s < 60) return fill(words.spanS, s);
    if (s < 3600) return fill(words.spanMin, Math.floor(s / 60));
    if (s < 172800) return fill(words.spanH, Math.floor(s / 3600));
    return fill(words.spanD, Math.floor(s / 86400));
}

// The server's clock, not this computer's: ages are measured on the clock that wrote the times.
let ahead = 0;
export function serverTime(at) { ahead = at - Date.now(); }
export const now = () => Date.now() + ahead;

export function refreshAges(root = document) {
    for (const element of root.querySelectorAll('time[data-age]')) {
        const away = now() - Number(element.dataset.age);
        const text = fill(away >= 0 ? words.spanAgo : words.spanIn, span(away));
        if (element.textContent !== text) element.textContent = text;
    }
}

function refreshClock() {
    const clock = document.getElementById('clock');
    if (clock) clock.textContent = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: clock.dataset.zone }).format(now());
}

export function startAges() {
    setInterval(() => { refreshAges(); refreshClock(); }, 1000);
}
