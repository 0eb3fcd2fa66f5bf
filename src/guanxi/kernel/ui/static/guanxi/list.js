// A list: which rows are chosen, what is done with them, and the way back to the same place.
(() => {
  const list = document.querySelector("[data-gx-list]");
  if (!list) return;
  const bar = list.querySelector("[data-gx-bulk]");
  const boxes = () => [...list.querySelectorAll("[data-gx-pick]")];
  const all = list.querySelector("[data-gx-pick-all]");
  // The choice belongs to the filter, not to the page of it: it survives turning pages and coming back.
  const place = `gx:chosen:${list.dataset.gxList}:${list.dataset.state}`;
  const chosen = new Set(JSON.parse(sessionStorage.getItem(place) ?? "[]"));
  let matching = sessionStorage.getItem(`${place}:all`) ?? ""; // their count, once all that match are chosen
  let counting = null; // while the server counts all that match
  let last = null;

  function show() {
    for (const box of boxes()) {
      box.checked = matching !== "" || chosen.has(box.value);
      box.disabled = matching !== "";
      box.closest("tr").classList.toggle("gx-chosen", box.checked);
    }
    if (!bar) return;
    const count = matching || chosen.size;
    bar.hidden = !count;
    document.body.classList.toggle("gx-with-bulk", Boolean(count));
    bar.querySelector("[data-gx-chosen]").textContent = matching || chosen.size.toLocaleString("en");
    bar.querySelector("[data-gx-choose-matching]").hidden = matching !== "";
    const here = boxes().filter((box) => box.checked).length;
    all.checked = here > 0 && here === boxes().length;
    all.indeterminate = here > 0 && here < boxes().length;
    sessionStorage.setItem(place, JSON.stringify([...chosen]));
    if (matching) sessionStorage.setItem(`${place}:all`, matching);
    else sessionStorage.removeItem(`${place}:all`);
  }

  function set(box, on) {
    if (on) chosen.add(box.value);
    else chosen.delete(box.value);
  }

  list.addEventListener("click", (event) => {
    const box = event.target.closest("[data-gx-pick]");
    if (box) {
      if (event.shiftKey && last && last !== box) {
        const shown = boxes();
        const [from, to] = [shown.indexOf(last), shown.indexOf(box)].sort((a, b) => a - b);
        for (const other of shown.slice(from, to + 1)) set(other, box.checked);
      } else {
        set(box, box.checked);
      }
      last = box;
      show();
    } else if (event.target.closest("[data-gx-pick-all]")) {
      matching = "";
      for (const other of boxes()) set(other, all.checked);
      show();
    } else if (event.target.closest("[data-gx-choose-matching]")) {
      counting = fetch(bar.dataset.countUrl).then((answer) => answer.text()).then((count) => {
        matching = count;
        show();
      }).finally(() => { counting = null; });
    } else if (event.target.closest("[data-gx-choose-none]")) {
      forget();
    } else if (event.target.closest("[data-gx-act]")) {
      const action = event.target.closest("[data-gx-act]");
      if (counting) { // nobody means the one row that was chosen before "all"
        event.preventDefault();
        event.stopPropagation();
        counting.then(() => action.click());
      } else act(event, action);
    } else if (event.target.closest("td.gx-pick") && !event.target.closest("input")) {
      event.preventDefault();
      event.target.closest("td.gx-pick").querySelector("input").click(); // beside the box is meant as on it
    }
  }, true);

  function forget() {
    chosen.clear();
    matching = "";
    show();
  }

  function act(event, link) {
    const asked = matching ? new URLSearchParams({ all: "1" }) : new URLSearchParams({ ids: [...chosen].join(",") });
    asked.set("state", list.dataset.state);
    const url = `${link.getAttribute("href")}?${asked}`;
    event.preventDefault();
    event.stopPropagation();
    if (link.dataset.gxAct === "page") location.assign(url);
    else document.dispatchEvent(new CustomEvent(`gx:${link.dataset.gxAct}`, { detail: { url, from: link } }));
  }

  list.addEventListener("gx:rows", show); // rows were drawn anew
  document.addEventListener("gx:chosen-done", forget); // an action has dealt with them
  // Rows changed behind the page: they, their count and their sums are read again in their places, unless somebody types in one of them.
  document.addEventListener("gx:changed", () => {
    const rows = list.querySelector(".gx-list-table > tbody");
    if (!rows || rows.querySelector("form")) return;
    const key = document.activeElement?.closest?.("tr[data-key]")?.dataset.key;
    htmx.ajax("GET", location.pathname + location.search, { source: list, target: rows, swap: "outerHTML", select: ".gx-list-table > tbody", selectOOB: "#gx-list-count,#gx-list-totals" }).then(() => {
      show();
      if (key) list.querySelector(`tr[data-key="${CSS.escape(key)}"] a`)?.focus({ preventScroll: true });
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || (!chosen.size && !matching)) return;
    if (document.querySelector("dialog[open], .dropdown-menu.show, #gx-panel:not([hidden])")) return;
    if (!event.target.closest?.("input:not([type=checkbox]), textarea, select")) forget();
  });

  // The way back: a record page leads to this very address, and the list to the same height and row.
  sessionStorage.setItem(`gx:list:${list.dataset.gxList}`, location.pathname + location.search);
  const spot = `gx:spot:${location.pathname}${location.search}`;
  addEventListener("pagehide", () => {
    const row = document.activeElement?.closest?.("tr[data-key]") ?? list.querySelector("tr.gx-open");
    const wrap = list.querySelector(".gx-list-wrap");
    sessionStorage.setItem(spot, JSON.stringify({ page: scrollY, y: wrap?.scrollTop ?? 0, x: wrap?.scrollLeft ?? 0, key: row?.dataset.key ?? "" }));
  });
  const kept = JSON.parse(sessionStorage.getItem(spot) ?? "null");
  const [visit] = performance.getEntriesByType("navigation");
  if (kept && (visit?.type === "back_forward" || visit?.type === "reload" || sessionStorage.getItem("gx:back") === list.dataset.gxList)) {
    const wrap = list.querySelector(".gx-list-wrap");
    wrap?.scrollTo(kept.x, kept.y);
    scrollTo(0, kept.page);
    if (kept.key) list.querySelector(`tr[data-key="${CSS.escape(kept.key)}"] a`)?.focus({ preventScroll: true });
  }
  sessionStorage.removeItem("gx:back");

  // The edge of a column's head is drawn to its width; the address remembers it.
  list.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest("[data-gx-edge]");
    if (!edge) return;
    event.preventDefault();
    const head = edge.closest("th");
    const start = event.clientX - head.offsetWidth;
    const draw = (move) => { head.style.minWidth = head.style.width = `${Math.max(60, move.clientX - start)}px`; };
    const end = (up) => {
      removeEventListener("pointermove", draw);
      const width = Math.round(Math.min(600, Math.max(60, up.clientX - start)) / 20) * 20;
      const columns = [...list.querySelectorAll("th[data-column]")].map((one) => {
        const wide = one === head ? width : Number(/gx-wide-(\d+)/.exec(one.className)?.[1] ?? 0);
        return wide ? `${one.dataset.column}.${wide}` : one.dataset.column;
      });
      const address = new URL(location.href);
      address.searchParams.set("columns", columns.join(","));
      address.search = decodeURIComponent(address.search);
      sessionStorage.setItem("gx:back", list.dataset.gxList);
      sessionStorage.setItem(`gx:spot:${address.pathname}${address.search}`, JSON.stringify({ page: scrollY, y: list.querySelector(".gx-list-wrap").scrollTop, x: 0, key: "" }));
      location.assign(address);
    };
    addEventListener("pointermove", draw);
    addEventListener("pointerup", end, { once: true });
  });

  show();
})();
