// Finding while typing: the search box of the top bar (records) and the palette (records and commands). The server
// sends ready lines; here they are asked for, walked by arrows and opened.
(() => {
  const PAUSE = 120; // ms after the last key: fast typists ask once

  function combo(input) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    let wait = 0, asking = null, at = -1;

    const lines = () => [...list.querySelectorAll("[role=option]")];

    function point(to) {
      const all = lines();
      all[at]?.setAttribute("aria-selected", "false");
      at = all.length ? (to + all.length) % all.length : -1;
      const line = all[at];
      line?.setAttribute("aria-selected", "true");
      line?.scrollIntoView({ block: "nearest" });
      if (line) input.setAttribute("aria-activedescendant", line.id);
      else input.removeAttribute("aria-activedescendant");
    }

    function show(open) {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) point(-1);
    }

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const url = new URL(input.dataset.gxCombo, location.href);
      url.searchParams.set("q", input.value);
      url.searchParams.set("at", location.pathname);
      try {
        const answer = await fetch(url, { signal: asking.signal, headers: { "HX-Request": "true" } });
        if (!answer.ok || answer.redirected) return;
        list.innerHTML = await answer.text();
        at = -1;
        show(list.childElementCount > 0);
        if (input.closest("dialog")) point(0);
      } catch (error) {
        if (error.name !== "AbortError") show(false);
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(wait);
      if (!input.value.trim() && !input.closest("dialog")) show(false);
      else wait = setTimeout(ask, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // the Enter and arrows of a Chinese input method are its own
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        point(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && lines()[at] && !list.hidden) {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) window.open(lines()[at].href);
        else location.assign(lines()[at].href);
      } else if (event.key === "Escape" && !list.hidden && !input.closest("dialog")) {
        event.stopPropagation();
        show(false);
      }
    });
    input.addEventListener("blur", () => {
      if (!input.closest("dialog")) setTimeout(() => show(false), 150); // a click on a line comes first
    });
    list.addEventListener("mousemove", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) point(lines().indexOf(line));
    });
    return ask;
  }

  const asks = new Map([...document.querySelectorAll("[data-gx-combo]")].map((input) => [input, combo(input)]));
  const dialog = document.getElementById("gx-palette");
  if (!dialog) return;
  const field = dialog.querySelector("[data-gx-combo]");

  function open() {
    if (dialog.open) return;
    field.value = "";
    dialog.showModal();
    field.focus();
    asks.get(field)();
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-gx-palette]")) open();
    else if (event.target === dialog) dialog.close(); // beside it
  });
})();
