// Copies what the pages load from node_modules into the package, and draws one sheet of icons.
// Nothing is fetched by a page at run time: the wheel carries these files.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "src", "guanxi", "kernel", "ui", "static", "guanxi", "vendor");

const COPIES = {
  "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
  "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "alpine.min.js": "@alpinejs/csp/dist/cdn.min.js",
};
const CARRIED = [
  "@alpinejs/csp", "@popperjs/core", "@tabler/core", "@tabler/icons", "@vue/reactivity", "@vue/shared",
  "echarts", "htmx.org", "tslib", "zrender",
];

// The manifest storage would look for the map files, which are not carried.
const withoutSourceMap = (text) => text.replace(/\/\*# sourceMappingURL=.*?\*\/|\/\/# sourceMappingURL=\S*/g, "").trimEnd() + "\n";

function symbol(name) {
  const [style, file] = name.startsWith("filled/") ? ["filled", name.slice(7)] : ["outline", name];
  const path = join(modules, "@tabler/icons/icons", style, `${file}.svg`);
  if (!existsSync(path)) throw new Error(`frontend/icons.json: there is no icon "${name}"`);
  const svg = readFileSync(path, "utf8");
  const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
  const drawn = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "");
  const paint = style === "filled"
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name.replace("/", "-")}" viewBox="0 0 24 24" ${paint}>${drawn}</symbol>`;
}

function licences() {
  return CARRIED.map((name) => {
    const folder = join(modules, name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copyright)[^s]*$/i.test(file)).sort();
    return [`${about.name} ${about.version} (${about.license})`, ...texts.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
  }).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

const bundle = await build({
  entryPoints: [join(here, "echarts.mjs")],
  bundle: true,
  minify: true,
  legalComments: "none",
  format: "iife",
  target: "es2020",
  write: false,
  logLevel: "warning",
});
const icons = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
const files = {
  "echarts.min.js": bundle.outputFiles[0].text,
  "icons.svg": `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.map(symbol).join("\n")}\n</svg>\n`,
  "LICENSES.txt": licences(),
};
for (const [name, from] of Object.entries(COPIES)) {
  files[name] = withoutSourceMap(readFileSync(join(modules, from), "utf8"));
}

mkdirSync(target, { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(target, name), text);
for (const name of readdirSync(target)) {
  if (!(name in files)) rmSync(join(target, name), { recursive: true });
}
