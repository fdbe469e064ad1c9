// Makes what the program needs from node_modules in dist/, which the binary
// embeds: the parts of the charts' library that pages and paper need, the fonts
// for paper.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const font = 'node_modules/@expo-google-fonts/noto-sans-sc';

// What paper.mjs leaves out inside modules that it needs: nobody points at
// paper and nothing on it moves, so no state but the normal one is prepared and
// no animation asked for. Lists are walked by a plain loop, not by the engine's
// own forEach: paper's engine enters and leaves itself anew for each callback
// of a built-in function. A text that a new version of the library no longer
// has fails the build; a drawing that changes fails a test (dashboard/report).
const still = [
    ['echarts/lib/util/states.js', "SPECIAL_STATES = ['emphasis', 'blur', 'select']", 'SPECIAL_STATES = []'],
    ['echarts/lib/util/states.js', "DISPLAY_STATES = ['normal', 'emphasis', 'blur', 'select']", "DISPLAY_STATES = ['normal']"],
    ['echarts/lib/util/states.js', 'export function toggleHoverEmphasis(el, focus, blurScope, isDisabled) {', '$& return;'],
    ['echarts/lib/util/states.js', 'export function setDefaultStateProxy(el) {', '$& return;'],
    ['echarts/lib/util/states.js', 'export function savePathStates(el) {', '$& return;'],
    ['echarts/lib/animation/basicTransition.js', 'extraDelayParams) {', '$& return null;'],
    ['zrender/lib/core/util.js', 'arr.forEach(cb, context);', 'for (let i = 0; i < arr.length; i++) context === undefined ? cb(arr[i], i, arr) : cb.call(context, arr[i], i, arr);'],
    ['zrender/lib/core/util.js', 'return arr.map(cb, context);', 'const out = []; for (let i = 0; i < arr.length; i++) out.push(context === undefined ? cb(arr[i], i, arr) : cb.call(context, arr[i], i, arr)); return out;'],
    ['zrender/lib/core/util.js', 'return arr.filter(cb, context);', 'const out = []; for (let i = 0; i < arr.length; i++) if (context === undefined ? cb(arr[i], i, arr) : cb.call(context, arr[i], i, arr)) out.push(arr[i]); return out;'],
];

const onPaper = {
    name: 'paper',
    setup(build) {
        build.onLoad({ filter: /\.js$/ }, async ({ path }) => {
            const changes = still.filter(([file]) => path.endsWith('/node_modules/' + file));
            if (!changes.length) return undefined;
            let contents = await readFile(path, 'utf8');
            for (const [file, from, to] of changes) {
                if (contents.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
                contents = contents.replace(from, to);
            }
            return { contents };
        });
    },
};

mkdirSync('dist', { recursive: true });
for (const made of readdirSync('dist')) if (made !== '.placeholder') rmSync(`dist/${made}`); // what is no longer made must not be embedded
for (const [from, to, plugins] of [['screen.mjs', 'dist/echarts.min.js', []], ['paper.mjs', 'dist/echarts.paper.js', [onPaper]]]) {
    await build({
        entryPoints: [from], outfile: to, bundle: true, minify: true, format: 'iife', globalName: 'echarts',
        define: { 'process.env.NODE_ENV': '"production"' }, plugins,
    });
}
// Packed, the fonts take half the room in the binary and in its memory; a
// window of a megabyte is what unpacking one takes beside the file itself.
for (const [from, to] of [['400Regular/NotoSansSC_400Regular.ttf', 'Regular'], ['600SemiBold/NotoSansSC_600SemiBold.ttf', 'SemiBold']]) {
    const file = readFileSync(`${font}/${from}`);
    const how = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 20, [constants.BROTLI_PARAM_SIZE_HINT]: file.length };
    writeFileSync(`dist/NotoSansSC-${to}.ttf.br`, brotliCompressSync(file, { params: how }));
}
