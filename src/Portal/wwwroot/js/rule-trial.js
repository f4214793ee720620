// What a text would do: the pack's tests, and the alarms it would have raised on a device's history. Runs while one types, after a pause.
import { now } from './ages.js';
import { ruleAt } from './rule-language.js';

const severities = { critical: 1, high: 2, medium: 3, low: 4 };
const mostCharts = 3;
const mostListed = 50;

export class Trial {
    #rules = [];
    #alarms = null;
    #stretch = [0, 0];
    #shown = '';

    /** @param {HTMLElement} editor @param {(path: string, body: object, slot: string) => Promise<object|null>} ask */
    constructor(editor, ask, language) {
        Object.assign(this, { editor, ask, language, words: editor.dataset });
        this.device = editor.querySelector('[name=preview-device]');
        this.window = editor.querySelector('[name=preview-window]');
        this.tests = editor.querySelector('#rule-tests');
        this.preview = editor.querySelector('#rule-preview');
        for (const field of [this.device, this.window]) field?.addEventListener('change', () => this.#backtest(this.yaml));
    }

    async run(yaml) {
        this.yaml = yaml;
        const trial = await this.ask('/api/v1/rules/test', { type: this.words.type, name: this.words.name, yaml }, 'test');
        if (!trial || !trial.valid) return;
        this.#rules = trial.rules;
        this.#showTests(trial.tests);
        await this.#backtest(yaml);
    }

    /** The text cannot be read: what is shown is from before. */
    wrong() {
        for (const panel of [this.tests, this.preview]) {
            const line = panel.querySelector('.summary');
            if (line) line.textContent = this.words.tWrong;
        }
    }

    #showTests(tests) {
        const failed = tests.filter(t => !t.passed);
        this.tests.querySelector('.summary').textContent = tests.length === 0 ? this.words.tTestsNone
            : failed.length === 0 ? fill(this.words.tPassed, tests.length) : fill(this.words.tFailed, failed.length, tests.length);
        this.tests.querySelector('.test-list').replaceChildren(...[...failed, ...tests.filter(t => t.passed)].map(test => {
            const item = document.createElement('li');
            item.className = test.passed ? 'passed' : 'failed';
            item.append(element('span', test.passed ? 'tag' : 'tag alert', test.passed ? `✓ ${this.words.tPass}` : `✕ ${this.words.tFail}`), element('span', '', test.name));
            for (const failure of test.failures) item.append(element('p', 'sub', failure));
            return item;
        }));
    }

    async #backtest(yaml) {
        if (!this.device || yaml === undefined) return;
        const to = Math.ceil(now() / 60_000) * 60_000;
        this.#stretch = [to - Number(this.window.value), to];
        const [from, end] = this.#stretch.map(ms => new Date(ms).toISOString());
        const report = await this.ask('/api/v1/rules/backtest', { type: this.words.type, yaml, from, to: end, devices: [this.device.value] }, 'backtest');
        if (!report) return;
        this.#alarms = report.alarms;
        this.#shown = '';
        this.#list();
        this.look(this.caretLine ?? 0);
    }

    #list() {
        const count = this.#alarms.length;
        this.preview.querySelector('.summary').textContent = count ? fill(this.words.tAlarms, count) : this.words.tQuiet;
        const time = new Intl.DateTimeFormat(this.words.language === 'zh-CN' ? 'zh-CN' : 'en-GB', { timeZone: this.words.zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
        this.preview.querySelector('.alarm-list').replaceChildren(...this.#alarms.slice(-mostListed).reverse().map(alarm => {
            const item = document.createElement('li');
            const until = alarm.clearedAt ? time.format(new Date(alarm.clearedAt)) : this.words.tLasting;
            item.append(element('span', '', this.#rule(alarm.rule)?.title ?? alarm.rule), element('span', 'muted', `${time.format(new Date(alarm.raisedAt))} – ${until}`));
            return item;
        }));
    }

    /** Shows the metric of the rule at the caret first, then those that would have raised something. */
    look(line) {
        this.caretLine = line;
        if (!this.#alarms) return;
        const here = ruleAt(this.yaml, line).keys.metric;
        const known = this.#metrics();
        const raised = this.#alarms.map(a => this.#rule(a.rule)?.metric);
        const metrics = [...new Set([here, ...raised, this.#rules.find(r => r.metric)?.metric])].filter(m => known.has(m)).slice(0, mostCharts);
        const shown = JSON.stringify([metrics, this.device.value, this.#stretch]);
        if (shown === this.#shown) return;
        this.#shown = shown;
        this.#draw(metrics, known);
    }

    #draw(metrics, known) {
        const group = document.createElement('trend-group');
        Object.assign(group.dataset, { device: this.device.value, from: this.#stretch[0], to: this.#stretch[1], language: this.words.language, zone: this.words.zone });
        group.append(...metrics.map(metric => this.#figure(metric, known.get(metric))));
        this.preview.querySelector('.preview-charts').replaceChildren(group);
        import('./trend.js');
    }

    #figure(metric, { title, unit }) {
        const rules = this.#rules.filter(r => r.metric === metric);
        const figure = element('figure', 'trend');
        const limits = rules.filter(r => !r.unit).flatMap(limitsOf);   // another unit than the chart's has no place on it
        const spans = this.#alarms.filter(a => rules.some(r => r.id === a.rule)).map(a => {
            const rule = this.#rule(a.rule);
            return { from: Date.parse(a.onsetAt), to: a.clearedAt ? Date.parse(a.clearedAt) : null, severity: severities[rule.severity], text: rule.title };
        });
        Object.assign(figure.dataset, { metric, unit: unit ?? '', limits: JSON.stringify(limits), spans: JSON.stringify(spans) });
        const caption = document.createElement('figcaption');
        caption.append(element('span', 'name', title ?? metric), element('span', 'unit', unit ?? ''), ...limits.slice(0, 2).map(l => element('span', 'limit', l.text)));
        const plot = element('div', 'plot');
        plot.setAttribute('role', 'img');
        plot.setAttribute('aria-label', fill(this.words.tTrend, title ?? metric, unit ?? ''));
        figure.append(caption, plot, this.#numbers(title ?? metric));
        return figure;
    }

    #numbers(title) {
        const details = element('details', 'numbers');
        const table = element('table', 'grid');
        const head = table.createTHead().insertRow();
        for (const text of [this.words.tTime, title]) {
            const cell = element('th', '', text);
            cell.scope = 'col';
            head.append(cell);
        }
        table.createTBody();
        details.append(element('summary', '', this.words.tTable), table);
        return details;
    }

    #rule(id) { return this.#rules.find(r => r.id === id); }

    #metrics() {
        return new Map((this.language()?.keys.find(k => k.key === 'metric')?.words ?? []).map(w => [w.word, w]));
    }
}

function limitsOf(rule) {
    const limit = (value, sign) => ({ value, severity: severities[rule.severity], text: `${sign} ${value}` });
    if (rule.condition === 'high') return [limit(rule.setpoint, '≥')];
    if (rule.condition === 'low') return [limit(rule.setpoint, '≤')];
    return rule.condition === 'outside' ? [limit(rule.setpoint, '>'), limit(rule.setpointLow, '<')] : [];
}

const element = (tag, className, text) => Object.assign(document.createElement(tag), { className, ...(text === undefined ? {} : { textContent: text }) });

export const fill = (text, ...values) => values.reduce((filled, value, i) => filled.replaceAll(`{${i}}`, value), text);
