// The sites on a map: the rows of the list beside it, drawn. Near ones are one mark with the worst state and the count.
import { init, registerMap } from '../lib/viz.js';
import { colour, severityColour, onThemeChange, font } from './colours.js';

const nearPx = 34;
const symbols = { 1: 'path://M7.5,1 16.5,1 23,7.5 23,16.5 16.5,23 7.5,23 1,16.5 1,7.5Z', 2: 'triangle', 3: 'rect', 4: 'circle' };
let land;

class SiteMap extends HTMLElement {
    async connectedCallback() {
        if (this.chart) return;
        const canvas = Object.assign(document.createElement('div'), { className: 'canvas' });
        canvas.setAttribute('role', 'img');
        canvas.setAttribute('aria-label', this.dataset.label);
        this.append(canvas, this.#buttons());
        land ??= fetch(new URL('../lib/land.json', import.meta.url)).then(answer => answer.json()).then(json => registerMap('land', json));
        await land;
        this.chart = init(canvas);
        this.chart.on('click', ({ data }) => data?.sites && this.#open(data.sites));
        this.chart.on('georoam', () => this.#drawMarks());
        this.resizer = new ResizeObserver(() => { this.chart.resize(); this.#drawMarks(); });
        this.resizer.observe(this);
        onThemeChange(() => this.#draw());
        document.addEventListener('seamless:refreshed', () => this.isConnected && this.#drawMarks());
        this.#draw();
    }

    #rows() {
        return [...document.querySelectorAll(`${this.dataset.sites} tr[data-site]`)].filter(row => row.dataset.lat).map(row => ({
            id: row.dataset.site, name: row.dataset.name, at: [Number(row.dataset.lon), Number(row.dataset.lat)],
            worst: Number(row.dataset.worst) || 9, open: Number(row.dataset.open), devices: Number(row.dataset.devices),
        }));
    }

    #draw() {
        this.chart.setOption({
            animation: false,
            textStyle: { fontFamily: font },
            tooltip: {
                renderMode: 'richText', confine: true, backgroundColor: colour('panel'), borderColor: colour('control'), textStyle: { color: colour('text'), fontSize: 12 },
                formatter: ({ data }) => data.sites?.map(s => `${s.name}  ${s.open || ''}`).slice(0, 8).join('\n') ?? '',
            },
            geo: {
                map: 'land', roam: true, silent: true, boundingCoords: this.#bounds(), scaleLimit: { min: 0.5, max: 60 }, projection: mercator,
                itemStyle: { areaColor: colour('track'), borderColor: colour('line'), borderWidth: 0.8 }, emphasis: { disabled: true },
            },
        }, true);
        this.#drawMarks();
    }

    /** All sites with room around them; never closer than a country. */
    #bounds() {
        const points = this.#rows().map(r => r.at);
        if (points.length === 0) return [[-170, 75], [180, -56]];
        const lon = points.map(p => p[0]), lat = points.map(p => p[1]);
        const padLon = Math.max(8, (Math.max(...lon) - Math.min(...lon)) * 0.15), padLat = Math.max(5, (Math.max(...lat) - Math.min(...lat)) * 0.2);
        return [[Math.max(-179, Math.min(...lon) - padLon), Math.min(80, Math.max(...lat) + padLat)], [Math.min(179, Math.max(...lon) + padLon), Math.max(-58, Math.min(...lat) - padLat)]];
    }

    #drawMarks() {
        if (!this.chart) return;
        const groups = [];
        // Worst first, so that it leads its group and is drawn last.
        for (const row of this.#rows().sort((a, b) => a.worst - b.worst)) {
            const px = this.chart.convertToPixel('geo', row.at);
            const near = px && groups.find(g => Math.hypot(g.px[0] - px[0], g.px[1] - px[1]) < nearPx);
            if (near) near.sites.push(row); else groups.push({ px, at: row.at, worst: row.worst, sites: [row] });
        }
        const ink = { 1: colour('p1-ink'), 2: colour('p2-ink'), 3: colour('p3-ink') };
        this.chart.setOption({
            series: [{
                type: 'scatter', coordinateSystem: 'geo', id: 'sites', animation: false,
                data: groups.reverse().map(group => {
                    const abnormal = group.worst <= 4;
                    const open = group.sites.reduce((sum, s) => sum + s.open, 0);
                    return {
                        value: group.at, sites: group.sites, symbol: symbols[group.worst] ?? 'circle', symbolSize: abnormal ? (group.worst === 2 ? 26 : 23) : 11 + Math.min(8, group.sites.length * 2),
                        itemStyle: { opacity: 1, color: abnormal && group.worst < 4 ? severityColour(group.worst) : group.worst === 4 ? colour('panel') : colour('bar'), borderColor: group.worst === 2 || group.worst === 3 ? colour('edge') : group.worst === 4 ? colour('control') : colour('panel'), borderWidth: 1.5 },
                        label: { show: abnormal, formatter: `${open}`, fontWeight: 700, fontSize: 11, color: ink[group.worst] ?? colour('text'), offset: group.worst === 2 ? [0, 4] : [0, 0] },
                    };
                }),
            }, {
                type: 'scatter', coordinateSystem: 'geo', id: 'names', silent: true, animation: false, symbolSize: 0,
                data: groups.map(group => ({ value: group.at, name: group.sites.length === 1 ? group.sites[0].name : `${group.sites[0].name} +${group.sites.length - 1}` })),
                label: { show: true, formatter: '{b}', position: 'bottom', distance: 14, color: colour('text'), fontSize: 11 }, labelLayout: { hideOverlap: true },
            }],
        });
    }

    #open(sites) {
        if (sites.length > 1) return this.#zoom(2.5, sites[0].at);
        const url = new URL(location.href);
        url.searchParams.set('site', sites[0].id);
        location.assign(url);
    }

    #zoom(factor, center) {
        const geo = this.chart.getOption().geo[0];
        this.chart.setOption({ geo: { zoom: (geo.zoom ?? 1) * factor, ...(center ? { center } : {}) } });
        this.#drawMarks();
    }

    #buttons() {
        const bar = Object.assign(document.createElement('div'), { className: 'zoom' });
        const add = (text, label, act) => {
            const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
            button.setAttribute('aria-label', label);
            button.addEventListener('click', act);
            bar.append(button);
        };
        add('+', this.dataset.in, () => this.#zoom(1.6));
        add('−', this.dataset.out, () => this.#zoom(1 / 1.6));
        add('⤢', this.dataset.all, () => this.#draw());
        return bar;
    }
}

/** Web Mercator: shapes as people know them. */
const radians = Math.PI / 180;
const mercator = {
    project: ([lon, lat]) => [lon, -Math.log(Math.tan(Math.PI / 4 + Math.min(84, Math.max(-84, lat)) * radians / 2)) / radians],
    unproject: ([x, y]) => [x, (2 * Math.atan(Math.exp(-y * radians)) - Math.PI / 2) / radians],
};

customElements.define('site-map', SiteMap);
