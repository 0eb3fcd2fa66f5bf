// Runs before the first paint: "as the device" cannot be known by the server, and a page that broke knows nothing.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = /\bguanxi_theme=(light|dark)\b/.exec(document.cookie);
  const apply = () => {
    const chosen = root.dataset.gxTheme || (kept ? kept[1] : "auto");
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    document.dispatchEvent(new CustomEvent("guanxi:theme"));
  };
  dark.addEventListener("change", apply);
  document.addEventListener("guanxi:choose-theme", apply);
  apply();
})();
