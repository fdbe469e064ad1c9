// Draws every chart of a page. An option is data in a JSON script beside the chart; two kinds of string in it are
// resolved here, so that one option serves light, dark and print:
//   "$below"  a colour token of theme.css
//   "@pct1"   a named number format
(function () {
    'use strict';

    const lang = document.documentElement.lang;

    function number(v, digits) {
        if (v === null || v === undefined || v === '-' || v === '' || Number.isNaN(Number(v))) return '—';
        const text = Math.abs(v).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
        return (v < 0 && /[1-9]/.test(text) ? '−' : '') + text;
    }

    // Amounts on an axis: 4,000万, 2.5亿, 1.2M; as many digits as the step needs.
    function amount(v) {
        const steps = lang === 'zh-CN' ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']];
        const [div, unit] = steps.find(step => Math.abs(v) >= step[0]) || [1, ''];
        const text = Math.abs(v / div).toLocaleString('en-US', { maximumFractionDigits: 2 });
        return (v < 0 ? '−' : '') + text + unit;
    }

    const last = v => Array.isArray(v) ? v[v.length - 1] : v;
    const share = (v, digits) => v === null || v === undefined || v === '-' ? '—' : number(v * 100, digits) + '%';
    const formats = {
        n0: v => number(last(v), 0),
        n1: v => number(last(v), 1),
        n2: v => number(last(v), 2),
        // axis labels: as many digits as the step needs
        pct0: v => Number((last(v) * 100).toFixed(1)).toLocaleString('en-US').replace('-', '−') + '%',
        pct1: v => share(last(v), 1),
        pct2: v => share(last(v), 2),
        money: v => amount(last(v)),
        pow10: v => amount(Math.pow(10, last(v))),
        plain: v => Number(last(v)).toLocaleString('en-US', { maximumFractionDigits: 2 }).replace('-', '−'),
    };

    function token(name) {
        return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim() || name;
    }

    function resolve(x) {
        if (Array.isArray(x)) return x.map(resolve);
        if (x && typeof x === 'object') {
            const out = {};
            for (const key of Object.keys(x)) out[key] = resolve(x[key]);
            return out;
        }
        if (typeof x !== 'string') return x;
        if (x[0] === '$') return token(x.slice(1));
        if (x[0] === '@' && formats[x.slice(1)]) return formats[x.slice(1)];
        return x;
    }

    const charts = new Map();

    function draw(el) {
        const option = resolve(JSON.parse(el.nextElementSibling.textContent));
        option.animation = false;
        option.aria = { enabled: true, label: { description: el.getAttribute('aria-label') } };
        option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, color: token('c-label') };
        if (option.tooltip) Object.assign(option.tooltip, {
            // text on the canvas: a tooltip made of HTML would need inline styles, which the content policy forbids
            renderMode: 'richText', confine: true, backgroundColor: token('surface'), borderColor: token('line-strong'),
            borderWidth: 1, padding: [8, 12], textStyle: { color: token('ink'), fontSize: 13 },
        });
        if (charts.has(el)) charts.get(el).dispose();
        const chart = window.echarts.init(el, null, { renderer: 'canvas' });
        chart.setOption(option);
        charts.set(el, chart);
        el.dataset.drawn = 'true';
    }

    function fail(el) {
        el.hidden = true;
        const note = el.parentElement.querySelector('.plot-failed');
        if (note) note.hidden = false;
        const twin = el.closest('.card') && el.closest('.card').querySelector('.twin');
        if (twin) twin.open = true;
    }

    function drawAll() {
        for (const el of document.querySelectorAll('[data-chart]')) {
            if (!window.echarts) {
                fail(el);
                continue;
            }
            try {
                draw(el);
            } catch (err) {
                fail(el);
                console.error('chart', el.getAttribute('aria-label'), err);
            }
        }
        document.body.dataset.charts = 'drawn';
    }

    // Image: the chart as drawn, on the card's colour, at twice the size.
    function image(el) {
        return charts.get(el).getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: token('surface') });
    }

    window.levelfield = { redraw: drawAll, image };

    let frame = 0;
    new ResizeObserver(() => {
        cancelAnimationFrame(frame);
        frame = requestAnimationFrame(() => charts.forEach(chart => chart.resize()));
    }).observe(document.documentElement);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

    // paper is light whatever the screen is, and as wide as the sheet
    let theme;
    addEventListener('beforeprint', () => {
        theme = document.documentElement.dataset.theme;
        document.documentElement.dataset.theme = 'light';
        drawAll();
    });
    addEventListener('afterprint', () => {
        if (theme) document.documentElement.dataset.theme = theme;
        else delete document.documentElement.dataset.theme;
        drawAll();
    });
    matchMedia('print').addEventListener('change', () => charts.forEach(chart => chart.resize()));
    drawAll();
})();
