// The review list: moving shows the alert beside it; single keys act only while the list has the focus (WCAG 2.1.4).
import { loadCharts } from './app.js';
import { holdBack, undoLast } from './forms.js';
import { refresh } from './live.js';

const settleMs = 120;

class AlertList extends HTMLElement {
    connectedCallback() {
        this.addEventListener('keydown', event => this.#onKey(event));
        this.addEventListener('click', event => this.#onClick(event));
    }

    get #links() { return [...this.querySelectorAll('a[data-alert]')]; }
    get #preview() { return document.querySelector(this.dataset.preview); }
    get #hasPreview() { return this.#preview?.offsetParent != null; }
    get #here() { return document.activeElement?.closest('a[data-alert]') ?? this.querySelector('a[aria-current]') ?? this.#links[0]; }

    #onClick(event) {
        const link = event.target.closest('a[data-alert]');
        if (!link || !this.#hasPreview || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        event.preventDefault();
        link.focus();
        this.#choose(link);
    }

    #onKey(event) {
        if (event.metaKey || event.ctrlKey || event.altKey) return;
        const links = this.#links;
        const at = links.indexOf(this.#here);
        const moves = { j: at + 1, ArrowDown: at + 1, k: at - 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
        if (event.key in moves) {
            event.preventDefault();
            const next = links[Math.min(Math.max(moves[event.key], 0), links.length - 1)];
            next?.focus();
            if (this.#hasPreview) this.#choose(next);
        } else if (event.key === 'a') {
            this.#whenShown(preview => { const form = preview.querySelector('form.acknowledge'); if (form) holdBack(form); });
        } else if (event.key === 's') {
            this.#whenShown(preview => {
                const menu = preview.querySelector('details.shelve');
                if (!menu) return;
                menu.open = true;
                menu.querySelector('select').focus();
            });
        } else if (event.key === 'u') {
            undoLast();
        } else if (event.key === '?') {
            document.getElementById('keys').showModal();
        }
    }

    #choose(link) {
        if (!link) return;
        for (const other of this.#links) other === link ? other.setAttribute('aria-current', 'true') : other.removeAttribute('aria-current');
        const url = new URL(location.href);
        url.searchParams.set('id', link.dataset.alert);
        history.replaceState(null, '', url);
        clearTimeout(this.settling);
        this.shown = new Promise(done => {
            this.settling = setTimeout(async () => {
                await refresh(region => region.id === 'preview');
                this.#preview.scrollTop = 0;
                loadCharts();
                done();
            }, settleMs);
        });
    }

    /** Acts on the alert that has the focus, once the preview shows that one and no other. */
    async #whenShown(act) {
        const wanted = this.#here?.dataset.alert;
        await this.shown;
        if (this.#preview?.querySelector('[data-alert-view]')?.dataset.alertView === wanted) act(this.#preview);
    }
}
customElements.define('alert-list', AlertList);
