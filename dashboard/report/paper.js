// Draws an ECharts option as SVG text without a browser. Tokens and formats are resolved as on the pages.
function paperDraw(json, width, height, lang, tokens, measure) {
    const digitsOf = (v, digits) => {
        if (v === null || v === undefined || v === '-' || v === '' || Number.isNaN(Number(v))) return '—';
        const text = group(Math.abs(v).toFixed(digits));
        return (v < 0 && /[1-9]/.test(text) ? '−' : '') + text;
    };
    const group = text => {
        const [whole, part] = text.split('.');
        return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (part ? '.' + part : '');
    };
    const trim = (v, digits) => group(String(Number(Math.abs(v).toFixed(digits))));
    const amount = v => {
        const steps = lang === 'zh-CN' ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']];
        const [div, unit] = steps.find(step => Math.abs(v) >= step[0]) || [1, ''];
        return (v < 0 ? '−' : '') + trim(v / div, 2) + unit;
    };
    const last = v => Array.isArray(v) ? v[v.length - 1] : v;
    const share = (v, digits) => v === null || v === undefined || v === '-' ? '—' : digitsOf(v * 100, digits) + '%';
    const formats = {
        n0: v => digitsOf(last(v), 0), n1: v => digitsOf(last(v), 1), n2: v => digitsOf(last(v), 2),
        pct0: v => share(last(v), 0), pct1: v => share(last(v), 1), pct2: v => share(last(v), 2),
        money: v => amount(last(v)), plain: v => (last(v) < 0 ? '−' : '') + trim(last(v), 2),
    };
    const resolve = x => {
        if (Array.isArray(x)) return x.map(resolve);
        if (x && typeof x === 'object') {
            const out = {};
            for (const key of Object.keys(x)) out[key] = resolve(x[key]);
            return out;
        }
        if (typeof x !== 'string') return x;
        if (x[0] === '$') return tokens[x.slice(1)] || x.slice(1);
        if (x[0] === '@' && formats[x.slice(1)]) return formats[x.slice(1)];
        return x;
    };
    echarts.setPlatformAPI({
        measureText: (text, font) => ({ width: measure(text, parseFloat(/([\d.]+)px/.exec(font || '12px')[1])) }),
    });
    const option = resolve(JSON.parse(json));
    option.animation = false;
    option.textStyle = { fontFamily: 'inherit', color: tokens['c-label'] };
    delete option.tooltip;
    const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
    chart.setOption(option);
    const svg = chart.renderToSVGString();
    chart.dispose();
    return svg;
}
