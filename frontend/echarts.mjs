// The part of ECharts the pages use. A chart type or part missing here draws nothing and says so in
// the console: add it to this list, then `make setup`.
import { BarChart, CustomChart, FunnelChart, HeatmapChart, LineChart, PieChart } from "echarts/charts";
import { SankeyChart, ScatterChart, TreemapChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, DataZoomComponent, GraphicComponent, GridComponent } from "echarts/components";
import { LegendComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent } from "echarts/components";
import { TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as core from "echarts/core";
import { LabelLayout, LegacyGridContainLabel, UniversalTransition } from "echarts/features";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

core.use([
  BarChart,
  CustomChart,
  FunnelChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
  AriaComponent,
  DatasetComponent,
  DataZoomComponent,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  LabelLayout,
  LegacyGridContainLabel,
  SVGRenderer,
  UniversalTransition,
]);

window.echarts = core;
