// The little behaviour of the frame. Everything here works without it too, only less comfortably.
(() => {
  const year = 60 * 60 * 24 * 365;
  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=${year};samesite=lax`;
  };

  // Theme: applied at once instead of by a round trip, so that charts change with it.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-gx-theme-form]");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    remember("guanxi_theme", theme);
    document.documentElement.dataset.gxTheme = theme;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    document.dispatchEvent(new CustomEvent("guanxi:choose-theme"));
  });

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-gx-fold]")) {
      const narrow = document.body.classList.toggle("gx-narrow");
      remember("guanxi_menu", narrow ? "narrow" : "wide");
      window.dispatchEvent(new Event("resize"));
      return;
    }
    const csv = target.closest("[data-gx-csv]");
    if (csv) {
      download(document.getElementById(csv.dataset.gxCsv).querySelector("table[data-gx-table]"));
      return;
    }
    const copy = target.closest("[data-gx-copy]");
    if (copy) {
      navigator.clipboard?.writeText(document.getElementById(copy.dataset.gxCopy).textContent).then(() => {
        for (const word of copy.querySelectorAll("span")) word.hidden = !word.classList.contains("gx-copied");
      });
      return;
    }
    const tab = target.closest("[data-gx-show]");
    if (tab) {
      show(tab);
      return;
    }
    for (const open of document.querySelectorAll(".gx-meaning[open]")) {
      if (!open.contains(target)) open.open = false;
    }
    const row = target.closest("tr[data-href]:not([data-gx-panel])");
    if (row && !target.closest("a, button, input, label, summary") && !String(getSelection())) {
      if (event.ctrlKey || event.metaKey) window.open(row.dataset.href);
      else location.assign(row.dataset.href);
    }
  });

  // The columns of a record page are tabs on a phone.
  function show(tab) {
    document.querySelector(".gx-columns").dataset.show = tab.dataset.gxShow;
    for (const other of tab.parentElement.children) {
      other.classList.toggle("active", other === tab);
      other.setAttribute("aria-selected", String(other === tab));
    }
    window.dispatchEvent(new Event("resize"));
  }

  function download(table) {
    if (!table) return;
    const lines = [...table.rows].map((row) =>
      [...row.cells].map((cell) => quote(cell.dataset.value ?? cell.textContent.replace(/\s+/g, " ").trim())).join(","),
    );
    const link = document.createElement("a");
    // The mark in front makes spreadsheets read the file as UTF-8.
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    link.download = `${table.dataset.gxTable}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function quote(text) {
    const safe = /^[=+@\t\r]|^-(?![\d.,]+$)/.test(text) ? `'${text}` : text; // a sheet must not run it
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll(".gx-meaning[open]")) open.open = false;
  });
})();
