// A backtest under way: the page is asked again and again until it shows the end.
import { morph } from './morph.js';

const everyMs = 500;

export async function followBacktest() {
    while (document.querySelector('[data-backtest-running]')) {
        await new Promise(done => setTimeout(done, everyMs));
        const fresh = document.hidden ? null : await page();
        if (!fresh) continue;   // not looked at, or not reached: the next time
        if (!fresh.querySelector('[data-backtest-running]')) return location.reload();
        morph(document.getElementById('backtest-run'), fresh.getElementById('backtest-run'));
    }
}

async function page() {
    const answer = await fetch(location.href, { headers: { 'X-Seamless-Refresh': '1' } }).catch(() => null);
    return answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
}
