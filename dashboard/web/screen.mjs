// What the charts of pages need of ECharts, bundled into dist/echarts.min.js:
// half the library, which every reader's first visit waits for. A kind of chart
// or component that is added to dashboard/chart is added here and in paper.mjs;
// without it the page says that its chart failed, which a test looks for.
import { use } from 'echarts/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridSimpleComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { LabelLayout, LegacyGridContainLabel } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, LineChart, ScatterChart, AriaComponent, GridSimpleComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, LabelLayout, LegacyGridContainLabel, CanvasRenderer]);

export { init } from 'echarts/core';
