// Draws ECharts options as SVG text without a browser. Tokens and formats are resolved as on the pages.

// paperBegin readies an engine: the colours of the light theme, and how wide a text of a size is.
let paperTokens;
function paperBegin(tokens, measure) {
    paperTokens = JSON.parse(tokens);
    echarts.setPlatformAPI({
        measureText: (text, font) => ({ width: measure(text, parseFloat(/([\d.]+)px/.exec(font || '12px')[1])) }),
    });
    // In which order components are built follows from their kinds alone; finding it anew takes a twentieth of a chart.
    const travel = echarts.ComponentModel.topologicalTravel, orders = {};
    echarts.ComponentModel.topologicalTravel = function (targets, all, each, context) {
        const key = targets.join() + '/' + all.join();
        if (!orders[key]) {
            orders[key] = [];
            travel.call(this, targets, all, (kind, needs) => { orders[key].push([kind, needs]); });
        }
        for (const [kind, needs] of orders[key]) each.call(context, kind, needs);
    };
}

const paperFormats = {};
function formatsOf(lang) {
    if (paperFormats[lang]) return paperFormats[lang];
    const group = text => {
        const [whole, part] = text.split('.');
        return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (part ? '.' + part : '');
    };
    const digitsOf = (v, digits) => {
        if (v === null || v === undefined || v === '-' || v === '' || Number.isNaN(Number(v))) return '—';
        const text = group(Math.abs(v).toFixed(digits));
        return (v < 0 && /[1-9]/.test(text) ? '−' : '') + text;
    };
    const trim = (v, digits) => group(String(Number(Math.abs(v).toFixed(digits))));
    const amount = v => {
        const steps = lang === 'zh-CN' ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']];
        const [div, unit] = steps.find(step => Math.abs(v) >= step[0]) || [1, ''];
        return (v < 0 ? '−' : '') + trim(v / div, 2) + unit;
    };
    const last = v => Array.isArray(v) ? v[v.length - 1] : v;
    const share = (v, digits) => v === null || v === undefined || v === '-' ? '—' : digitsOf(v * 100, digits) + '%';
    return paperFormats[lang] = {
        n0: v => digitsOf(last(v), 0), n1: v => digitsOf(last(v), 1), n2: v => digitsOf(last(v), 2),
        pct0: v => share(last(v), 0), pct1: v => share(last(v), 1), pct2: v => share(last(v), 2),
        money: v => amount(last(v)), plain: v => (last(v) < 0 ? '−' : '') + trim(last(v), 2),
    };
}

function paperDraw(json, width, height, lang) {
    const formats = formatsOf(lang);
    const resolve = x => {
        if (Array.isArray(x)) return x.map(resolve);
        if (x && typeof x === 'object') {
            const out = {};
            for (const key of Object.keys(x)) out[key] = resolve(x[key]);
            return out;
        }
        if (typeof x !== 'string') return x;
        if (x[0] === '$') return paperTokens[x.slice(1)] || x.slice(1);
        if (x[0] === '@' && formats[x.slice(1)]) return formats[x.slice(1)];
        return x;
    };
    const option = resolve(JSON.parse(json));
    option.animation = false;
    option.textStyle = { fontFamily: 'inherit', color: paperTokens['c-label'] };
    delete option.tooltip;
    onPaper(option, width);
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
    chart.setOption(option);
    const svg = chart.renderToSVGString();
    chart.dispose();
    return svg;
}

// onPaper takes out what costs time and leaves no ink: paper has one width, nobody points at it, and a stack's parts
// without a value draw nothing.
function onPaper(option, width) {
    const merge = (to, from) => {
        for (const key of Object.keys(from)) {
            if (to[key] && typeof to[key] === 'object' && typeof from[key] === 'object') merge(to[key], from[key]);
            else to[key] = from[key];
        }
    };
    for (const rule of option.media || []) {
        if (width <= (rule.query.maxWidth || Infinity) && width >= (rule.query.minWidth || 0)) merge(option, rule.option);
    }
    delete option.media;
    const isBlank = s => s.type === 'bar' && s.stack && !s.markLine && s.data.every(d => {
        const v = d && typeof d === 'object' ? d.value : d;
        return v === '-' || v === null || v === 0 && s.itemStyle && s.itemStyle.color === 'transparent';
    });
    if (!option.legend) option.series = option.series.filter(s => !isBlank(s));
    for (const s of option.series) {
        s.emphasis = { disabled: true };
        s.silent = true;
    }
}
