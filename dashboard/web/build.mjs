// Copies what the browser needs from node_modules into dist/, which the binary embeds.
import { copyFileSync, mkdirSync } from 'node:fs';

mkdirSync('dist', { recursive: true });
copyFileSync('node_modules/echarts/dist/echarts.min.js', 'dist/echarts.min.js');
