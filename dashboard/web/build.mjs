// Copies what the program needs from node_modules into dist/, which the binary
// embeds: the charts' library for browsers and paper, the fonts for paper.
import { copyFileSync, mkdirSync } from 'node:fs';

const font = 'node_modules/@expo-google-fonts/noto-sans-sc';

mkdirSync('dist', { recursive: true });
copyFileSync('node_modules/echarts/dist/echarts.min.js', 'dist/echarts.min.js');
copyFileSync(`${font}/400Regular/NotoSansSC_400Regular.ttf`, 'dist/NotoSansSC-Regular.ttf');
copyFileSync(`${font}/600SemiBold/NotoSansSC_600SemiBold.ttf`, 'dist/NotoSansSC-SemiBold.ttf');
