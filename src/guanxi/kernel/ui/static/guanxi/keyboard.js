// One-letter shortcuts. Typing in a field is never one; an open dialog keeps the keyboard to itself.
(() => {
  let jumping = 0; // until when a letter after "g" counts

  const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target) && !event.target.closest("dialog")) {
      event.target.blur();
      return;
    }
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.timeStamp < jumping) {
      jumping = 0;
      const link = document.querySelector(`[data-gx-jump="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    const deed = DEEDS[event.key];
    if (deed && deed(event) !== false) event.preventDefault();
  });

  const DEEDS = {
    "/": () => {
      const search = document.querySelector("[data-gx-search]");
      if (!search) return false;
      search.select();
    },
    "?": () => document.getElementById("gx-keys")?.showModal(),
    g: (event) => { jumping = event.timeStamp + 1500; },
    j: () => step(1),
    k: () => step(-1),
    x: () => pick(),
    e: () => edit(),
    c: () => {
      const link = document.querySelector("[data-gx-create]");
      if (!link) return false;
      link.click();
    },
  };

  const here = () => document.activeElement?.closest?.("tr[data-href]");

  function step(by) {
    const rows = [...document.querySelectorAll(".gx-main tr[data-href]")].filter((row) => row.offsetParent && row.querySelector("a"));
    if (!rows.length) return false;
    const at = rows.indexOf(here() ?? document.querySelector("tr.gx-open"));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    row.querySelector("a").focus();
    const panel = document.getElementById("gx-panel");
    if (panel && !panel.hidden && row.dataset.gxPanel) row.querySelector("a").click(); // the panel follows
  }

  function pick() {
    const box = (here() ?? document.querySelector("tr.gx-open"))?.querySelector("[data-gx-pick]");
    if (!box) return false;
    box.click();
  }

  function edit() {
    const row = here();
    if (!row) {
      const link = document.querySelector("[data-gx-edit]");
      if (!link) return false;
      link.click();
      return;
    }
    return row.dispatchEvent(new CustomEvent("gx:edit", { bubbles: true, cancelable: true })) ? false : undefined;
  }

  document.getElementById("gx-keys")?.addEventListener("click", (event) => {
    if (event.target.id === "gx-keys" || event.target.closest("[data-gx-close-keys]")) event.currentTarget.close();
  });
})();
