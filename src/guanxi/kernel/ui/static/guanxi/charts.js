// Draws every element with data-gx-chart from the JSON it names. The server sends ready words and numbers; here they
// only get a place. Colours come from tokens.css, so a change of theme draws again.
//
//   steps    {items: [{label, value, text, note, href, role: "total" | "less"}]}   "less" hangs from the bar before
//   hbar     {items: [{label, value, text, href}], tone}
//   pyramid  {left, right, items: [{label, left, left_text, right, right_text, href, tone}]}
//   line     {x_label, y_label, points: [[x, y]], x_percent, y_percent, area, marks: [{x, y, text}]}
//   columns  {categories, series: [{name, tone, values: [{value, text, href}]}]}   below zero hangs down
//   stacked  the same, one column a category
//   moves    {from_label, to_label, links: [{from, to, value, text, href}], tones: {name: tone}}
(() => {
  const library = document.currentScript.dataset.library;
  const root = document.documentElement;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const NARROW = 560;
  const FILLS = { accent: "1", muted: "ghost", good: "good-fill", bad: "bad-fill" }; // an area is calmer than a letter
  const SHORT = 200; // ms: long enough to see what moved

  // --- the theme ------------------------------------------------------------------------------------------------

  function palette() {
    const style = getComputedStyle(root);
    const read = (name) => style.getPropertyValue(`--gx-${name}`).trim();
    return {
      ink: read("ink"), soft: read("ink-soft"), faint: read("ink-faint"), line: read("line"),
      surface: read("surface"), accent: read("accent"), ghost: read("ghost"),
      font: getComputedStyle(document.body).fontFamily,
      size: root.lang.startsWith("zh") ? 14 : 13,
      tone(name, fallback = "accent") {
        const wanted = name || fallback;
        return read(FILLS[wanted] || wanted) || read("1");
      },
    };
  }

  const thousands = new Intl.NumberFormat(root.lang.startsWith("zh") ? "zh-CN" : "en", { notation: "compact" });
  const compact = { format: (value) => thousands.format(value).replace("K", "k") }; // as the server writes it
  const percent = (share) => `${Math.round(share * 100)}%`;

  function base(theme, first) {
    return {
      animation: first && !still.matches, // a resized or re-themed chart is simply there
      animationDuration: SHORT,
      animationDurationUpdate: SHORT,
      textStyle: { fontFamily: theme.font, fontSize: theme.size, color: theme.ink },
      tooltip: {
        renderMode: "richText", // HTML tooltips carry inline styles, which the page's policy refuses
        confine: true,
        backgroundColor: theme.surface,
        borderColor: theme.line,
        borderWidth: 1,
        padding: [8, 12],
        textStyle: { color: theme.ink, fontFamily: theme.font, fontSize: theme.size, lineHeight: 20 },
      },
    };
  }

  const text = (theme, more) => ({ color: theme.ink, fontFamily: theme.font, fontSize: theme.size, ...more });

  function categories(theme, names, more) {
    return {
      type: "category", data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: theme.line } },
      axisLabel: text(theme, { color: theme.soft, ...more }),
    };
  }

  function values(theme, more) {
    return {
      type: "value", min: 0, splitNumber: 4, axisLine: { show: false }, axisTick: { show: false },
      splitLine: { lineStyle: { color: theme.line } },
      axisLabel: text(theme, { color: theme.faint, formatter: (value) => compact.format(value) }),
      ...more,
    };
  }

  const pointer = (items) => (items.some((item) => item.href) ? "pointer" : "default");

  const canvas = document.createElement("canvas").getContext("2d");
  function widest(theme, texts, weight = 400) {
    canvas.font = `${weight} ${theme.size}px ${theme.font}`;
    return Math.ceil(Math.max(0, ...texts.map((one) => canvas.measureText(one).width)));
  }

  // --- the kinds ------------------------------------------------------------------------------------------------

  function steps(data, theme, width) {
    const items = data.items;
    const words = widest(theme, items.flatMap((item) => [item.label, item.note || ""]));
    const lying = width / items.length < words + 12; // bars lie down where their words would run into each other
    let before = 0;
    const floors = items.map((item) => {
      const floor = item.role === "less" ? Math.max(0, before - item.value) : 0;
      before = item.role === "less" ? floor : item.value;
      return floor;
    });
    const rich = { note: text(theme, { color: theme.faint, fontWeight: 400, lineHeight: theme.size + 6 }) };
    const label = (item) => (item.note ? `${item.text}\n{note|${item.note}}` : item.text);
    const room = Math.max(widest(theme, items.map((item) => item.text), 600), widest(theme, items.map((item) => item.note || "")));
    const side = Math.min(widest(theme, items.map((item) => item.label)), width * 0.4) + 4;
    const names = categories(theme, items.map((item) => item.label), lying
      ? { width: side, overflow: "break" }
      : { interval: 0, width: width / items.length - 12, overflow: "break" });
    const scale = values(theme, { show: false });
    const common = { type: "bar", stack: "steps", barWidth: lying ? "54%" : "58%" };
    // On a phone the long bar would push its label out; the scale leaves the label its room.
    const top = Math.max(...items.map((item) => item.value));
    if (lying) scale.max = top / Math.max(0.3, 1 - (room + 16) / (width - side - 16));
    return {
      grid: lying ? { left: side + 8, right: 4, top: 4, bottom: 4 } : { left: 8, right: 8, top: 44, bottom: 40 },
      xAxis: lying ? scale : names,
      yAxis: lying ? { ...names, inverse: true } : scale,
      tooltip: { show: false },
      series: [
        { ...common, silent: true, itemStyle: { color: "transparent" }, data: floors },
        {
          ...common,
          cursor: pointer(items),
          label: text(theme, { show: true, position: lying ? "right" : "top", fontWeight: 600, rich, formatter: ({ dataIndex }) => label(items[dataIndex]) }),
          data: items.map((item) => ({
            value: item.value, href: item.href,
            itemStyle: {
              color: item.role === "less" ? theme.ghost : theme.tone(item.tone), borderRadius: lying ? [0, 3, 3, 0] : [3, 3, 0, 0],
            },
          })),
        },
      ],
    };
  }

  function hbar(data, theme, width) {
    const items = data.items;
    const left = Math.min(widest(theme, items.map((item) => item.label)), width * 0.4);
    const right = widest(theme, items.map((item) => item.text));
    return {
      grid: { left: left + 12, right: right + 12, top: 4, bottom: 4 },
      xAxis: values(theme, { show: false }),
      yAxis: {
        ...categories(theme, items.map((item) => item.label), { width: left + 4, overflow: "truncate", interval: 0 }), // ECharts keeps a pixel back
        inverse: true, axisLine: { show: false },
      },
      tooltip: { show: false },
      series: [{
        type: "bar", barWidth: "62%", barMaxWidth: 22, cursor: pointer(items),
        label: text(theme, { show: true, position: "right", formatter: ({ data: point }) => point.text }),
        data: items.map((item) => ({
          value: item.value, text: item.text, href: item.href,
          itemStyle: { color: theme.tone(item.tone || data.tone), borderRadius: [0, 3, 3, 0] },
        })),
      }],
    };
  }

  function pyramid(data, theme, width) {
    const items = data.items;
    const middle = widest(theme, items.map((item) => item.label)) + 24;
    const half = (width - middle) / 2;
    const largest = Math.max(...items.flatMap((item) => [item.left, item.right]));
    const room = widest(theme, items.flatMap((item) => [item.left_text, item.right_text])) + 12;
    const max = largest / Math.max(0.3, 1 - room / half);
    const side = (name, inverse) => ({
      type: "bar", xAxisIndex: inverse ? 0 : 1, yAxisIndex: inverse ? 0 : 1, barWidth: "68%", cursor: pointer(items),
      label: text(theme, { show: true, position: inverse ? "left" : "right", fontWeight: 600, formatter: ({ data: point }) => point.text }),
      data: items.map((item) => ({
        value: item[name], text: item[`${name}_text`], href: item.href,
        itemStyle: { color: theme.tone(item.tone), borderRadius: inverse ? [3, 0, 0, 3] : [0, 3, 3, 0] },
      })),
    });
    const head = (words, more) => ({ text: words, top: 0, textStyle: text(theme, { color: theme.faint, fontWeight: 400 }), ...more });
    const names = { type: "category", inverse: true, data: items.map((item) => item.label), axisLine: { show: false }, axisTick: { show: false } };
    return {
      title: [head(data.left, { left: half, textAlign: "right" }), head(data.right, { left: half + middle, textAlign: "left" })],
      grid: [
        { left: 0, width: half, top: 28, bottom: 4 },
        { left: half + middle, width: half, top: 28, bottom: 4 },
      ],
      xAxis: [values(theme, { show: false, inverse: true, max, gridIndex: 0 }), values(theme, { show: false, max, gridIndex: 1 })],
      yAxis: [
        { ...names, gridIndex: 0, position: "right", axisLabel: { show: false } },
        { ...names, gridIndex: 1, axisLabel: text(theme, { align: "center", margin: middle / 2 }) },
      ],
      tooltip: { show: false },
      series: [side("left", true), side("right", false)],
    };
  }

  function line(data, theme) {
    const axis = (isPercent, name, more) => values(theme, {
      ...(isPercent ? { max: 1, interval: 0.2 } : {}),
      name, nameLocation: "middle", nameTextStyle: text(theme, { color: theme.faint }),
      axisLabel: text(theme, { color: theme.faint, hideOverlap: true, formatter: isPercent ? percent : (value) => compact.format(value) }),
      ...more,
    });
    const shown = (value, isPercent) => (isPercent ? `${(value * 100).toFixed(1)}%` : compact.format(value));
    return {
      grid: { left: 8, right: 20, top: 28, bottom: 8 + theme.size + 10, containLabel: true },
      xAxis: axis(data.x_percent, data.x_label, { nameGap: 30, splitLine: { show: false } }),
      yAxis: axis(data.y_percent, data.y_label, { nameLocation: "end", nameGap: 12, nameTextStyle: text(theme, { color: theme.faint, align: "left", padding: [0, 0, 0, -28] }) }),
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "line", lineStyle: { color: theme.faint } },
        formatter: (found) => `${data.x_label}: ${shown(found[0].value[0], data.x_percent)}\n${data.y_label}: ${shown(found[0].value[1], data.y_percent)}`,
      },
      series: [
        {
          type: "line", data: data.points, showSymbol: false, lineStyle: { color: theme.accent, width: 2 },
          itemStyle: { color: theme.accent }, areaStyle: data.area ? { color: theme.accent, opacity: 0.12 } : undefined,
        },
        {
          type: "scatter", silent: true, symbolSize: 9, tooltip: { show: false },
          itemStyle: { color: theme.accent, borderColor: theme.surface, borderWidth: 2 },
          label: text(theme, { show: true, position: "right", distance: 8, fontWeight: 600, textBorderColor: theme.surface, textBorderWidth: 3, formatter: ({ data: mark }) => mark.text }),
          data: (data.marks || []).map((mark) => ({ value: [mark.x, mark.y], text: mark.text })),
        },
      ],
    };
  }

  function overMonths(data, theme, width, { together }) {
    const named = data.series.length > 1;
    const endText = (series) => (together && width >= NARROW ? `${series.name} ${series.values.at(-1).text}` : series.name);
    const right = named ? widest(theme, data.series.map(endText)) + 14 : 8;
    const beneath = width < NARROW && right > width * 0.3; // no room beside: the names go above
    return {
      grid: { left: 4, right: beneath ? 8 : right, top: beneath ? 56 : 12, bottom: 4, containLabel: true },
      legend: beneath ? { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: text(theme), selectedMode: false } : undefined,
      xAxis: categories(theme, data.categories, { hideOverlap: true }),
      yAxis: values(theme, { min: null }),
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (found) => [data.categories[found[0].dataIndex], ...found.map((point) => `${point.seriesName}  ${point.data.text}`)].join("\n"),
      },
      series: data.series.map((series, at) => ({
        name: series.name, type: "bar", stack: "all", barWidth: "66%", cursor: pointer(series.values),
        itemStyle: { color: theme.tone(series.tone, String(at + 1)) },
        labelLayout: { moveOverlap: "shiftY" },
        data: series.values.map((point, index) => ({
          value: point.value, text: point.text, href: point.href,
          label: named && !beneath && index === series.values.length - 1
            ? text(theme, { show: true, position: "right", distance: 10, formatter: endText(series) })
            : undefined,
        })),
      })),
    };
  }

  const columns = (data, theme, width) => overMonths(data, theme, width, { together: false });
  const stacked = (data, theme, width) => overMonths(data, theme, width, { together: true });

  function moves(data, theme, width) {
    const sums = { from: {}, to: {} };
    for (const link of data.links) {
      sums.from[link.from] = (sums.from[link.from] || 0) + link.value;
      sums.to[link.to] = (sums.to[link.to] || 0) + link.value;
    }
    const number = new Intl.NumberFormat("en");
    const folded = width < 440; // the number under the name instead of beside it
    const label = (name, sum) => (folded ? `${name}\n${number.format(sum)}` : `${name} ${number.format(sum)}`);
    const places = Object.keys(data.tones); // both sides in one order, whatever links come first
    const ordered = (which) => Object.entries(sums[which]).sort(([one], [other]) => places.indexOf(one) - places.indexOf(other));
    const side = (which, position) => ordered(which).map(([name, sum]) => ({
      name: `${which}:${name}`, depth: which === "from" ? 0 : 1,
      itemStyle: { color: theme.tone(data.tones[name]), borderWidth: 0 },
      label: text(theme, { position, formatter: label(name, sum), lineHeight: theme.size + 4 }),
    }));
    const nodes = [...side("from", "left"), ...side("to", "right")];
    const room = (which) => widest(theme, Object.entries(sums[which]).flatMap(([name, sum]) => label(name, sum).split("\n"))) + 10;
    const head = (words, more) => ({ text: words, top: 0, textStyle: text(theme, { color: theme.faint, fontWeight: 400 }), ...more });
    return {
      title: [head(data.from_label, { left: 0 }), head(data.to_label, { right: 0 })],
      tooltip: {
        formatter: ({ dataType, data: point }) => dataType === "edge" ? `${point.fromName} → ${point.toName}\n${point.text}` : "",
      },
      series: [{
        type: "sankey", animation: false, left: room("from"), right: room("to"), top: folded ? 34 + theme.size : 34, bottom: theme.size + 6, nodeWidth: 12, nodeGap: 12,
        draggable: false, layoutIterations: 0, emphasis: { focus: "adjacency" }, cursor: pointer(data.links),
        lineStyle: { color: "source", opacity: 0.3, curveness: 0.5 },
        data: nodes,
        links: data.links.map((link) => ({
          source: `from:${link.from}`, target: `to:${link.to}`, value: link.value, text: link.text, href: link.href,
          fromName: link.from, toName: link.to,
        })),
      }],
    };
  }

  const KINDS = { steps, hbar, pyramid, line, columns, stacked, moves };

  // --- life of a chart ------------------------------------------------------------------------------------------

  const drawn = new Map(); // element -> chart
  let fetched; // the library weighs more than all else: it comes with the first chart that is seen

  function fetchLibrary() {
    fetched ??= new Promise((done, fail) => {
      const script = document.createElement("script");
      Object.assign(script, { src: library, onload: done, onerror: fail });
      document.head.append(script);
    });
    return fetched;
  }

  async function draw(element) {
    if (!element.clientWidth) return; // hidden behind its table or a tab: drawn when it shows
    await fetchLibrary();
    const width = element.clientWidth;
    const told = document.getElementById(element.dataset.gxChart); // gone, if the page has been renewed meanwhile
    if (!width || !element.isConnected || !told) return;
    const data = JSON.parse(told.textContent);
    let chart = drawn.get(element);
    const first = !chart;
    if (first) {
      chart = echarts.init(element, null, { renderer: "canvas" });
      chart.on("click", (hit) => open(hit));
      drawn.set(element, chart);
    }
    chart.resize();
    const theme = palette();
    const option = KINDS[data.kind](data, theme, width);
    const common = base(theme, first);
    chart.setOption({ ...common, ...option, tooltip: { ...common.tooltip, ...option.tooltip } }, { notMerge: true });
  }

  function open(hit) {
    const href = hit.data?.href;
    if (!href) return;
    const mouse = hit.event?.event;
    if (mouse?.ctrlKey || mouse?.metaKey) window.open(href);
    else location.assign(href);
  }

  const sizes = new ResizeObserver((entries) => {
    requestAnimationFrame(() => {
      for (const { target } of entries) draw(target);
    });
  });

  function begin(within) {
    for (const element of within.querySelectorAll("[data-gx-chart]")) {
      if (!element.dataset.gxBegun) {
        element.dataset.gxBegun = "1";
        sizes.observe(element);
      }
    }
  }

  document.addEventListener("guanxi:theme", () => {
    for (const element of drawn.keys()) draw(element);
  });
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    drawn.get(event.target)?.dispose();
    drawn.delete(event.target);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => begin(document));
  else begin(document);
})();
