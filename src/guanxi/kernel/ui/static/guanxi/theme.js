// Runs before the first paint: "as the device" cannot be known by the server.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.gxTheme || "auto";
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    document.dispatchEvent(new CustomEvent("guanxi:theme"));
  };
  dark.addEventListener("change", apply);
  document.addEventListener("guanxi:choose-theme", apply);
  apply();
})();
