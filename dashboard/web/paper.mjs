// What the charts of paper need of ECharts, bundled into dist/echarts.paper.js:
// a third of the library starts sooner and takes less memory in a program that
// draws without a browser. A kind of chart or component that is added to
// dashboard/chart is added here; a test compares both drawings.
import { use } from 'echarts/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridSimpleComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { LabelLayout, LegacyGridContainLabel } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, ScatterChart, GridSimpleComponent, MarkAreaComponent, MarkLineComponent, LabelLayout, LegacyGridContainLabel, SVGRenderer]);

export { ComponentModel, init, setPlatformAPI } from 'echarts/core';
