// The rule editor: a text area with line numbers and marks, checked while one types. Without this script it is a form that saves.
import { Completion } from './rule-completion.js';
import { Trial, fill } from './rule-trial.js';
import { keyOf } from './rule-language.js';
import { toast } from './forms.js';

const pause = { check: 300, trial: 900, look: 250 };

class RuleEditor extends HTMLElement {
    #language = null;
    #problems = [];
    #timers = {};
    #asking = {};
    #saved = '';

    async connectedCallback() {
        this.area = this.querySelector('textarea');
        this.gutter = this.querySelector('.gutter > div');
        this.marks = this.querySelector('.marks');
        this.list = this.querySelector('.problems');
        this.help = this.querySelector('.key-help');
        this.#saved = this.area.value;
        this.trial = new Trial(this, (path, body, slot) => this.#ask(path, body, slot), () => this.#language);
        this.completion = new Completion(this.area, this.querySelector('.completions'), () => this.#language);
        this.area.addEventListener('input', () => this.#changed());
        this.area.addEventListener('scroll', () => this.#scroll());
        this.area.addEventListener('keydown', event => this.#onKey(event));
        this.area.addEventListener('mousemove', event => this.#hover(event));
        document.addEventListener('selectionchange', () => { if (document.activeElement === this.area) this.#caretMoved(); });
        this.querySelector('form').addEventListener('submit', event => this.#submit(event));
        addEventListener('beforeunload', event => { if (this.area.value !== this.#saved) event.preventDefault(); });
        this.#number();
        const answer = await fetch(`/api/v1/rules/language?type=${encodeURIComponent(this.dataset.type)}`, { headers: { 'Accept-Language': this.dataset.language } }).catch(() => null);
        if (answer?.ok) this.#language = await answer.json();
        this.#check();
    }

    #changed() {
        this.#number();
        this.#later('check', () => this.#check());
    }

    async #check() {
        const yaml = this.area.value;
        const check = await this.#ask('/api/v1/rules/validate', { type: this.dataset.type, yaml }, 'check');
        if (!check) return;
        this.#problems = check.problems;
        this.#number();
        this.#tell();
        if (check.valid) this.#later('trial', () => this.trial.run(yaml));
        else this.trial.wrong();
    }

    /** Line numbers, and at each line with a problem a sign, a band and its words. */
    #number() {
        const count = this.area.value.split('\n').length;
        const byLine = Map.groupBy(this.#problems, p => Math.min(Math.max(p.line, 1), count));
        this.gutter.replaceChildren(...Array.from({ length: count }, (_, i) => {
            const number = document.createElement('span');
            const found = byLine.get(i + 1);
            number.textContent = found ? `✕ ${i + 1}` : i + 1;
            if (found) Object.assign(number, { className: 'bad', title: found.map(words).join('\n') });
            return number;
        }));
        this.marks.replaceChildren(...Array.from({ length: count }, (_, i) => Object.assign(document.createElement('span'), { className: byLine.has(i + 1) ? 'bad' : '' })));
        this.area.setAttribute('aria-invalid', String(this.#problems.length > 0));
        this.#scroll();
    }

    #tell() {
        const lines = this.#problems.map(problem => {
            const item = Object.assign(document.createElement('li'), { className: 'bad' });
            const go = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: fill(this.dataset.tLine, problem.line, problem.column, words(problem)) });
            go.addEventListener('click', () => this.#goTo(problem));
            item.append(go);
            return item;
        });
        this.list.replaceChildren(...(lines.length ? lines : [Object.assign(document.createElement('li'), { textContent: this.dataset.tOk })]));
    }

    #goTo({ line, column }) {
        const lines = this.area.value.split('\n');
        const at = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + Math.min(column - 1, lines[line - 1]?.length ?? 0);
        this.area.focus();
        this.area.setSelectionRange(at, at);
        this.area.scrollTop = (line - 4) * this.#lineHeight;
    }

    #onKey(event) {
        if (event.key !== 'ArrowDown' || !event.altKey || this.#problems.length === 0) return;
        event.preventDefault();
        const line = this.#line();
        this.#goTo(this.#problems.find(p => p.line > line) ?? this.#problems[0]);
    }

    #caretMoved() {
        const line = this.#line();
        this.#explain(this.area.value.split('\n')[line - 1] ?? '');
        this.#later('look', () => this.trial.look(line - 1));
    }

    #explain(line) {
        const key = this.#language?.keys.find(k => k.key === keyOf(line));
        this.help.replaceChildren();
        if (!key) return this.help.append(this.dataset.tHelp);
        this.help.append(Object.assign(document.createElement('strong'), { className: 'mono', textContent: key.key }), ` ${key.required ? `(${this.dataset.tRequired}) ` : ''}${key.help}`);
    }

    #hover(event) {
        const line = Math.floor((event.offsetY + this.area.scrollTop - this.#padding) / this.#lineHeight);
        const key = this.#language?.keys.find(k => k.key === keyOf(this.area.value.split('\n')[line] ?? ''));
        const here = this.#problems.filter(p => p.line === line + 1).map(words);
        this.area.title = [...here, ...(key ? [`${key.key}: ${key.help}`] : [])].join('\n');
    }

    #scroll() {
        this.gutter.style.transform = `translateY(${-this.area.scrollTop}px)`;
        this.marks.style.transform = `translateY(${-this.area.scrollTop}px)`;
    }

    /** Sends without leaving, so that a refusal costs nobody their text. */
    async #submit(event) {
        event.preventDefault();
        const form = event.target;
        const url = event.submitter?.getAttribute('formaction') ?? form.action;
        const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { Accept: 'application/json' } }).catch(() => null);
        const told = await answer?.json().catch(() => null);
        if (!answer?.ok) return toast(told?.text ?? document.body.dataset.failed);
        this.#saved = this.area.value;
        location.assign(told?.at ?? `/rules/${this.dataset.type}/${this.dataset.name}`);
    }

    /** Asks the platform; null when it refused or when a newer question of the same kind has overtaken this one. */
    async #ask(path, body, slot) {
        this.#asking[slot]?.abort();
        const asking = this.#asking[slot] = new AbortController();
        try {
            const answer = await fetch(path, { method: 'POST', body: JSON.stringify(body), signal: asking.signal, headers: { 'Content-Type': 'application/json', 'Accept-Language': this.dataset.language } });
            return answer.ok ? await answer.json() : null;
        } catch {
            return null;
        }
    }

    #later(what, act) {
        clearTimeout(this.#timers[what]);
        this.#timers[what] = setTimeout(act, pause[what]);
    }

    #line() { return this.area.value.slice(0, this.area.selectionStart).split('\n').length; }
    get #lineHeight() { return parseFloat(getComputedStyle(this.area).lineHeight); }
    get #padding() { return parseFloat(getComputedStyle(this.area).paddingTop); }
}

const words = problem => problem.message + (problem.suggestion ? ` (${problem.suggestion})` : '');

customElements.define('rule-editor', RuleEditor);
