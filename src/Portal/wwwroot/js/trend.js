// Charts of one device: one request for all of them, one feed, one redraw a second.
import { init, connect } from '../lib/viz.js';
import { now } from './ages.js';
import { colour, severityColour, onThemeChange, font } from './colours.js';

const longestMemory = 5000;

class TrendGroup extends HTMLElement {
    #charts = [];
    #feed = null;

    async connectedCallback() {
        if (this.#charts.length) return;
        this.#charts = [...this.querySelectorAll('figure')].map(figure => new Trend(figure, this));
        if (this.#charts.length > 1) connect(this.#charts.map(c => c.chart));
        this.resizer = new ResizeObserver(() => this.#charts.forEach(c => c.chart.resize()));
        this.resizer.observe(this);
        onThemeChange(() => this.#draw());
        await this.#load();
        if (this.dataset.window) this.#follow();
    }

    disconnectedCallback() {
        this.#feed?.close();
        clearInterval(this.timer);
        this.resizer?.disconnect();
        this.#charts.forEach(c => c.chart.dispose());
        this.#charts = [];
    }

    get range() {
        if (!this.dataset.window) return [Number(this.dataset.from), Number(this.dataset.to)];
        const to = now();
        return [to - Number(this.dataset.window), to];
    }

    async #load() {
        const [from, to] = this.range;
        const metrics = this.#charts.map(c => encodeURIComponent(c.metric)).join(',');
        const answer = await fetch(`${this.dataset.source ?? `/live/devices/${encodeURIComponent(this.dataset.device)}`}/trend?metrics=${metrics}&from=${Math.floor(from)}&to=${Math.ceil(to) + 1000}`).catch(() => null);
        const trend = answer?.ok ? await answer.json() : { series: [] };
        for (const chart of this.#charts) chart.points = trend.series.find(s => s.metric === chart.metric)?.points ?? [];
        this.bucketMs = trend.bucketMs ?? 0;
        this.#draw();
    }

    #follow() {
        this.#feed = new EventSource(`/live/devices/${encodeURIComponent(this.dataset.device)}`);
        this.#feed.addEventListener('values', event => {
            for (const value of JSON.parse(event.data)) {
                this.#charts.find(c => c.metric === value.metric)?.add(value, this.bucketMs);
            }
        });
        // Windows of days move slowly; hidden pages do not move at all.
        const everyMs = Math.max(1000, Number(this.dataset.window) / 3600);
        this.timer = setInterval(() => { if (!document.hidden) this.#draw(); }, everyMs);
        document.addEventListener('visibilitychange', () => { if (!document.hidden && this.isConnected) this.#load(); });
        addEventListener('pagehide', () => this.#feed?.close());
    }

    #draw() {
        const [from, to] = this.range;
        for (const chart of this.#charts) chart.draw(from, to);
    }
}

class Trend {
    points = [];

    constructor(figure, group) {
        this.figure = figure;
        this.group = group;
        this.metric = figure.dataset.metric;
        this.isSwitch = figure.hasAttribute('data-switch');
        this.limits = JSON.parse(figure.dataset.limits);
        this.spans = JSON.parse(figure.dataset.spans);
        this.compact = figure.classList.contains('compact');
        this.chart = init(figure.querySelector('.plot'));
        figure.querySelector('.numbers').addEventListener('toggle', () => this.#table());
    }

    add(value, bucketMs) {
        const last = this.points.at(-1);
        const at = value.timestampMs;
        if (last && at <= last[0]) return;
        // Within a bucket the newest value moves its end; the next load brings the bucket's mean.
        if (last && bucketMs && at - last[0] < bucketMs && this.grown) this.points.pop();
        this.grown = true;
        this.points.push([at, value.value]);
        if (this.points.length > longestMemory) this.points.shift();
        const words = document.body.dataset;
        const reading = this.figure.querySelector('output');
        if (reading) reading.textContent = this.isSwitch ? (value.value > 0 ? words.on : words.off) : number(value.value);
    }

    draw(from, to) {
        while (this.points.length > 1 && this.points[1][0] < from) this.points.shift();
        const [low, high] = this.#extent();
        const muted = colour('muted');
        const line = colour('line-soft');
        const time = new Intl.DateTimeFormat(this.group.dataset.language === 'zh-CN' ? 'zh-CN' : 'en-GB', {
            timeZone: this.group.dataset.zone, hour: '2-digit', minute: '2-digit',
            ...(to - from > 86_400_000 * 1.2 ? { day: 'numeric', month: 'short' } : to - from < 600_000 ? { second: '2-digit' } : {}),
        });
        this.chart.setOption({
            animation: false,
            aria: { enabled: false },
            textStyle: { fontFamily: font },
            grid: { left: 46, right: 12, top: 8, bottom: 22 },
            tooltip: {
                trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: colour('panel'), borderColor: colour('control'),
                textStyle: { color: colour('text'), fontSize: 12 },
                formatter: ([p]) => p ? `${time.format(p.value[0])}\n${number(p.value[1])} ${this.figure.dataset.unit}` : '',
            },
            xAxis: {
                type: 'time', min: from, max: to, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, splitNumber: 5,
                axisLabel: { color: muted, fontSize: 11, hideOverlap: true, showMinLabel: false, showMaxLabel: false, formatter: at => time.format(at) },
            },
            yAxis: {
                type: 'value', min: low, max: high, splitNumber: this.compact ? 2 : 4, splitLine: { lineStyle: { color: line } },
                axisLabel: { color: muted, fontSize: 11, formatter: v => this.isSwitch ? ({ 0: document.body.dataset.off, 1: document.body.dataset.on })[v] ?? '' : number(v), showMinLabel: false, showMaxLabel: this.isSwitch },
            },
            series: [{
                type: 'line', data: this.points, showSymbol: false, sampling: 'lttb', step: this.isSwitch ? 'end' : false, connectNulls: false,
                lineStyle: { color: colour('trace'), width: 1.6 }, itemStyle: { color: colour('trace') }, emphasis: { disabled: true },
                markLine: this.limits.length === 0 ? undefined : {
                    silent: true, symbol: 'none', animation: false,
                    data: this.limits.map(limit => ({
                        yAxis: limit.value, lineStyle: { color: limit.severity === 1 ? colour('p1') : colour('warn-text'), type: [6, 4], width: 1.2 },
                        label: { show: !this.compact, position: 'insideStartTop', formatter: limit.text, color: muted, fontSize: 11 },
                    })),
                },
                markArea: this.spans.length === 0 ? undefined : {
                    silent: true, animation: false,
                    data: this.spans.map(span => [
                        { xAxis: Math.max(span.from, from), itemStyle: { color: severityColour(span.severity), opacity: 0.22 }, label: { show: this.#fits(span, from, to), formatter: span.text, color: colour('text'), position: 'insideTopLeft', fontSize: 12 } },
                        { xAxis: span.to ?? to },
                    ]),
                },
            }],
        }, { replaceMerge: ['series'] });
        this.#sayNothing();
    }

    /** A readable scale: never so fine that noise looks like a fault, and the nearest limit in sight. */
    #extent() {
        if (this.isSwitch) return [0, 1];
        const values = this.points.map(p => p[1]);
        if (values.length === 0) return [0, 1];
        let low = Math.min(...values), high = Math.max(...values);
        const middle = (low + high) / 2;
        for (const { value } of this.limits) {
            if (!this.compact || Math.abs(value - middle) < Math.max(high - low, Math.abs(middle) * 0.35)) { low = Math.min(low, value); high = Math.max(high, value); }
        }
        const room = Math.max((high - low) * 0.12, Math.abs(middle) * 0.04, 1e-6);
        const floor = low >= 0 ? 0 : -Infinity;
        return [Math.max(floor, low - room), high + room];
    }

    /** A label that does not fit its stretch would lie on its neighbour; the list of evidence says the same in words. */
    #fits(span, from, to) {
        const px = (Math.min(span.to ?? to, to) - Math.max(span.from, from)) / (to - from) * this.chart.getWidth();
        return !this.compact && px > span.text.length * (/[\u4e00-\u9fff]/.test(span.text) ? 13 : 6.5) + 12;
    }

    #sayNothing() {
        let note = this.figure.querySelector('.nothing');
        if (this.points.length > 0) return note?.remove();
        if (note) return;
        note = Object.assign(document.createElement('p'), { className: 'nothing', textContent: document.body.dataset.noData });
        this.figure.querySelector('.plot').after(note);
    }

    #table() {
        if (!this.figure.querySelector('.numbers').open) return;
        const step = Math.max(1, Math.ceil(this.points.length / 60));
        const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: this.group.dataset.zone, dateStyle: 'short', timeStyle: 'medium', hour12: false });
        const rows = this.points.filter((_, i) => (this.points.length - 1 - i) % step === 0).reverse().map(([at, value]) => {
            const row = document.createElement('tr');
            row.append(...[time.format(at), number(value)].map(text => Object.assign(document.createElement('td'), { textContent: text })));
            return row;
        });
        this.figure.querySelector('.numbers tbody').replaceChildren(...rows);
    }
}

function number(value) {
    const size = Math.abs(value);
    const digits = size >= 1000 ? 0 : size >= 10 ? 1 : 2;
    return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

customElements.define('trend-group', TrendGroup);
