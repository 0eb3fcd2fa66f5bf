// Cells of a list that are edited in place: double-click, e or Enter opens the input, Tab goes on to the next cell,
// Esc gives up, Enter or leaving the cell saves. The row is drawn anew by the server once it is saved.
(() => {
  const list = document.querySelector("[data-gx-list][data-cells]");
  if (!list) return;
  const WIDEST = 420; // of an input with what is wrong, as the style sheet has it
  const table = () => list.querySelector(".gx-list-table");
  const head = (cell) => table().tHead.rows[0].cells[cell.cellIndex];
  const canEdit = (cell) => Boolean(cell && head(cell)?.dataset.edits);
  const cellOf = (target) => target.closest?.(".gx-list-table tbody td");
  const slot = (cell) => cell?.querySelector(".gx-cell-slot"); // the input lies over what the cell shows: nothing moves
  const editor = (cell) => slot(cell)?.querySelector("form");

  function url(cell) {
    const key = cell.closest("tr").dataset.key;
    return `${list.dataset.cells}${key}/${head(cell).dataset.edits}/?${new URLSearchParams({ state: list.dataset.state })}`;
  }

  function open(cell) {
    if (!canEdit(cell) || slot(cell)) return;
    const place = document.createElement("div");
    place.className = "gx-cell-slot";
    const edge = cell.closest(".gx-list-wrap").getBoundingClientRect().right;
    place.classList.toggle("gx-to-left", cell.getBoundingClientRect().left + WIDEST > edge);
    cell.classList.add("gx-editing");
    cell.append(place);
    htmx.ajax("GET", url(cell), { source: place, target: place, swap: "innerHTML" }).then(() => {
      const input = editor(cell)?.querySelector("input:not([type=hidden]), select, textarea");
      if (!input) return;
      input.focus();
      if (input.select && input.type !== "date") input.select();
    });
  }

  function giveUp(cell, { focus = true } = {}) {
    cell.classList.remove("gx-editing");
    slot(cell)?.remove();
    if (focus) at(cell);
  }

  function at(cell) {
    if (!cell) return;
    cell.tabIndex = -1;
    cell.focus({ preventScroll: false });
  }

  // What was typed shows at once; if it is refused, the input comes back with what is wrong.
  function save(cell, then = "") {
    const form = editor(cell);
    if (!form || form.dataset.busy) return;
    if (!hasChanged(form)) {
      giveUp(cell, { focus: !then });
      if (then) go(cell.closest("tr").dataset.key, cell.cellIndex, then);
      return;
    }
    form.dataset.busy = "1";
    form.dataset.then = then;
    form.requestSubmit();
  }

  function typed(form) {
    const names = [...form.querySelectorAll("[name]")].map((one) => one.name);
    const name = names.find((one) => names.includes(`before-${one}`));
    return { now: new FormData(form).getAll(name).join(";"), was: form.elements[`before-${name}`].value };
  }

  function hasChanged(form) {
    const { now, was } = typed(form);
    return now.trim() !== was.trim() || Boolean(form.querySelector("[data-gx-cell-theirs]"));
  }

  function shownText(form) {
    const select = form.querySelector("select");
    if (select) return select.selectedOptions[0]?.textContent.trim() ?? "";
    const chosen = [...form.querySelectorAll("input:checked")].map((one) => one.nextElementSibling?.textContent.trim());
    return chosen.length ? chosen.join(", ") : typed(form).now;
  }

  // The neighbour that can be edited, in this row or the next one.
  function go(key, index, way) {
    const row = table().querySelector(`tr[data-key="${CSS.escape(key)}"]`);
    const cells = [...table().tBodies[0].querySelectorAll("td")].filter(canEdit);
    const here = row?.cells[index];
    const next = cells[cells.indexOf(here) + (way === "next" ? 1 : -1)];
    if (next) open(next);
    else at(here);
  }

  list.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest(".gx-cell-edit form");
    if (!form || event.target !== form) return;
    const saving = form.parentElement.querySelector(".gx-cell-saving");
    saving.textContent = shownText(form);
    saving.hidden = false;
    form.hidden = true;
  });

  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    list.addEventListener(name, (event) => {
      const form = event.target.closest(".gx-cell-edit form");
      if (!form) return;
      form.hidden = false;
      form.parentElement.querySelector(".gx-cell-saving").hidden = true;
      delete form.dataset.busy;
      if (name !== "htmx:responseError") {
        document.dispatchEvent(new CustomEvent("gx:toast", { detail: { text: list.dataset.offline } }));
        form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      }
    });
  }

  // A saved row replaces the old one; the keyboard stays where it was, or goes on.
  list.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig.elt.closest?.(".gx-cell-edit form");
    const row = event.target.closest("tr[data-key]");
    if (!form || !row || event.detail.xhr.status !== 200) return;
    const place = { key: row.dataset.key, index: form.closest("td").cellIndex, then: form.dataset.then };
    list.addEventListener("htmx:afterSettle", () => {
      list.dispatchEvent(new CustomEvent("gx:rows"));
      if (place.then) go(place.key, place.index, place.then);
      else if (document.activeElement === document.body) at(table().querySelector(`tr[data-key="${CSS.escape(place.key)}"]`)?.cells[place.index]);
    }, { once: true });
  });

  list.addEventListener("htmx:afterSwap", (event) => {
    const cell = event.target.closest?.("td") ?? event.target;
    const wrong = list.querySelector(".gx-cell-edit .is-invalid, .gx-cell-edit [data-gx-cell-theirs]");
    if (wrong && cell) (wrong.closest("form").querySelector("input:not([type=hidden]), select, textarea"))?.focus();
  });

  list.addEventListener("dblclick", (event) => {
    const cell = cellOf(event.target);
    if (!canEdit(cell) || slot(cell) || event.target.closest("a, input, button")) return;
    event.preventDefault();
    getSelection()?.removeAllRanges();
    clearTimeout(waiting);
    open(cell);
  });

  // A click opens the side panel; where it may be the first of two, the panel waits for the second.
  let waiting = 0;
  document.addEventListener("click", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.target.closest("a, input, select, textarea, button, label")) return;
    if (slot(cell)) event.preventDefault(); // beside an input: no row is opened
    if (!canEdit(cell) || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    event.preventDefault();
    clearTimeout(waiting);
    const row = cell.closest("tr");
    if (event.detail > 1 || String(getSelection())) return;
    waiting = setTimeout(() => {
      if (row.dataset.gxPanel) document.dispatchEvent(new CustomEvent("gx:panel", { detail: { url: row.dataset.gxPanel, from: row } }));
      else location.assign(row.dataset.href);
    }, 220);
  }, true);

  list.addEventListener("gx:edit", (event) => {
    const row = event.target.closest("tr[data-key]");
    const here = document.activeElement?.closest("td");
    const cell = canEdit(here) ? here : [...row.cells].find(canEdit);
    if (!cell) return;
    event.preventDefault();
    open(cell);
  });

  list.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    const form = editor(cell);
    if (form && form.contains(event.target)) inInput(event, cell, form);
    else if (!event.ctrlKey && !event.metaKey && !event.altKey) onCell(event, cell);
  });

  function inInput(event, cell, form) {
    const isButton = event.target.matches("button");
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      giveUp(cell);
    } else if (event.key === "Enter" && !isButton && !(event.target.matches("textarea") && !event.ctrlKey)) {
      event.preventDefault();
      event.stopPropagation();
      save(cell);
    } else if (event.key === "Tab" && !isButton && !form.querySelector("[data-gx-cell-theirs]") && isEdge(form, event)) {
      event.preventDefault();
      save(cell, event.shiftKey ? "previous" : "next");
    }
  }

  // Of several boxes Tab leaves only the last one, Shift+Tab the first.
  function isEdge(form, event) {
    const inputs = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.type !== "radio" || one.checked || one === event.target);
    return event.target === (event.shiftKey ? inputs[0] : inputs.at(-1));
  }

  function onCell(event, cell) {
    const row = cell.parentElement;
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (move) {
      const to = move[0] ? row.parentElement.rows[row.sectionRowIndex + move[0]]?.cells[cell.cellIndex] : row.cells[cell.cellIndex + move[1]];
      if (!to || to.matches(".gx-pick")) return;
      event.preventDefault();
      at(to);
    } else if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      if (canEdit(cell)) open(cell);
      else row.querySelector("a")?.click();
    }
  }

  // Leaving an input saves it; a choice between two values waits for an answer.
  list.addEventListener("focusout", (event) => {
    const cell = cellOf(event.target);
    const form = editor(cell);
    if (!form || !form.contains(event.target) || form.contains(event.relatedTarget)) return;
    if (form.dataset.busy || form.querySelector("[data-gx-cell-theirs], .is-invalid")) return;
    setTimeout(() => {
      if (form.isConnected && !form.contains(document.activeElement) && document.hasFocus() && !document.querySelector("dialog[open]")) save(cell);
    });
  });
})();
