// Something under way: the page is asked again and again until it shows the end.
import { morph } from './morph.js';

/** @param {string} mark selector of what is there as long as it goes on @param {string} region id of the part that shows how far it is @param {number} everyMs */
export async function follow(mark, region, everyMs) {
    while (document.querySelector(mark)) {
        await new Promise(done => setTimeout(done, everyMs));
        const fresh = document.hidden ? null : await page();
        if (!fresh) continue;   // not looked at, or not reached: the next time
        if (!fresh.querySelector(mark)) return location.reload();
        morph(document.getElementById(region), fresh.getElementById(region));
    }
}

async function page() {
    const answer = await fetch(location.href, { headers: { 'X-Seamless-Refresh': '1' } }).catch(() => null);
    return answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
}
