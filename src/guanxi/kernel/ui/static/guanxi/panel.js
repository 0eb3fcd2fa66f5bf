// The side panel: a row or link with data-gx-panel shows that address beside the page.
// The place is kept in the address (#panel=...), so that a reload shows it again; Esc closes it.
(() => {
  const panel = () => document.getElementById("gx-panel");
  const body = () => panel().querySelector("[data-gx-panel-body]");
  let opener = null;

  function open(url, from) {
    opener = from ?? null;
    for (const other of document.querySelectorAll(".gx-open")) other.classList.remove("gx-open");
    opener?.classList.add("gx-open");
    document.body.classList.add("gx-with-panel");
    panel().hidden = false;
    panel().dataset.url = url;
    panel().setAttribute("aria-busy", "true");
    history.replaceState(history.state, "", `${location.pathname}${location.search}#panel=${url}`);
    htmx.ajax("GET", url, { target: body(), swap: "innerHTML" }).then(() => {
      panel().removeAttribute("aria-busy");
      panel().scrollTop = 0;
      panel().focus({ preventScroll: true });
    });
  }

  function close() {
    if (panel().hidden) return;
    panel().hidden = true;
    delete panel().dataset.url;
    body().replaceChildren();
    document.body.classList.remove("gx-with-panel");
    history.replaceState(history.state, "", location.pathname + location.search);
    const row = opener;
    row?.classList.remove("gx-open");
    const back = row?.matches("tr") ? row.querySelector("a[href]") : row;
    if (back?.isConnected) back.focus({ preventScroll: true });
    opener = null;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-gx-panel-close]")) {
      close();
      return;
    }
    const link = event.target.closest("[data-gx-panel]");
    if (!link || event.defaultPrevented || event.button !== 0 || String(getSelection())) return;
    const control = event.target.closest("a, button, input, label, summary, select, textarea");
    const isOwnLink = control && control.closest("[data-gx-panel]") === link && control.getAttribute("href") === link.dataset.href;
    if (control && control !== link && !isOwnLink) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      if (!control && link.dataset.href) window.open(link.dataset.href);
      return;
    }
    event.preventDefault();
    open(link.dataset.gxPanel, link);
  });

  document.addEventListener("auxclick", (event) => {
    const row = event.target.closest("tr[data-href]");
    if (event.button === 1 && row && !event.target.closest("a, button, input, label")) window.open(row.dataset.href);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], .dropdown-menu.show")) {
      if (!panel().hidden && !event.target.closest?.("input, textarea, select")) close();
    }
    const row = event.target.closest?.("tr[data-href]");
    if (event.key === "Enter" && row && event.target.matches("a[href]") && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      location.assign(row.dataset.href);
    }
  });

  document.addEventListener("gx:panel", (event) => open(event.detail.url, event.detail.from ?? document.activeElement));
  document.addEventListener("gx:panel-close", close);

  // Only what this page offers is opened from an address.
  const asked = location.hash.startsWith("#panel=") ? location.hash.slice(7) : "";
  const from = asked && [...document.querySelectorAll("[data-gx-panel]")].find((one) => one.dataset.gxPanel === asked);
  if (from) open(asked, from);
})();
