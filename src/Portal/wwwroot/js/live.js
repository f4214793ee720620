// Follows the feed: shows that it is alive, and fetches again what has changed.
import { refreshAges, serverTime } from './ages.js';
import { morph } from './morph.js';

const missedBeats = 3;
const beatMs = Number(document.body.dataset.beat);
const build = document.body.dataset.build;
let lastBeat = Date.now();
let waiting = null;
const allTopics = ['alarms', 'tickets', 'commands', 'fleet'];
const topics = new Set();

export function startLive() {
    let feed = null;
    const open = () => {
        feed?.close();
        feed = new EventSource('/live');
        feed.addEventListener('beat', event => onBeat(JSON.parse(event.data)));
        // The browser gives up for good on an answer that is not a feed (a proxy's error page): we do not.
        feed.onerror = () => { if (feed.readyState === EventSource.CLOSED) setTimeout(open, beatMs * 2); };
    };
    open();
    setInterval(() => { if (Date.now() - lastBeat > beatMs * missedBeats + 500) showStale(true); }, 1000);
    // The phone slept, or the tab was in the background: old values must not look new.
    document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(allTopics); });
    addEventListener('pagehide', () => feed.close());
}

function onBeat(beat) {
    if (beat.build !== build) return location.reload();
    lastBeat = Date.now();
    serverTime(beat.at);
    const wasStale = document.documentElement.classList.contains('stale');
    showStale(false);
    beat.counts.forEach((count, i) => {
        const figure = document.querySelector(`[data-count="${i + 1}"]`);
        if (!figure) return;
        figure.textContent = count;
        figure.closest('li').classList.toggle('none', count === 0);
    });
    const stamp = document.querySelector('.stamp time');
    if (stamp && beat.lastData) stamp.dataset.age = beat.lastData;
    ask(wasStale ? allTopics : beat.topics);
}

function showStale(stale) {
    const veil = document.getElementById('stale');
    if (!veil || veil.hidden === !stale) return;
    veil.hidden = !stale;
    document.documentElement.classList.toggle('stale', stale);
    if (stale) veil.querySelector('output').textContent = new Date(lastBeat).toLocaleTimeString(document.documentElement.lang, { hour12: false });
}

/** Remembers what changed and fetches once for many changes. */
function ask(changed) {
    changed.forEach(topic => topics.add(topic));
    const wanted = [...document.querySelectorAll('[data-live]')].some(region => region.dataset.live.split(' ').some(t => topics.has(t)));
    if (!wanted || document.hidden) return topics.clear();
    waiting ??= setTimeout(async () => {
        waiting = null;
        const due = new Set(topics);
        topics.clear();
        await refresh(region => region.dataset.live.split(' ').some(t => due.has(t)));
    }, 300);
}

/** Fetches this page again and puts in the regions that are due, without disturbing what one is doing there. */
export async function refresh(isDue = () => true, url = location.href) {
    try {
        const answer = await fetch(url, { headers: { 'X-Seamless-Refresh': '1' } });
        if (answer.redirected && new URL(answer.url).pathname.includes('login')) return location.reload();
        if (!answer.ok) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
        for (const region of document.querySelectorAll('[data-live]')) {
            const next = region.id && fresh.getElementById(region.id);
            if (next && isDue(region)) morph(region, next);
        }
        refreshAges();
        document.dispatchEvent(new CustomEvent('seamless:refreshed'));
    } catch {
        // Not reached: the feed will notice and say so.
    }
}
