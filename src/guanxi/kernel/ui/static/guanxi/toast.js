// A word at the edge of the page, asked for by the server (event gx:toast) or left for this page.
// It goes by itself unless somebody is at it: what can be undone waits longer.
(() => {
  const STAYS = 6000;
  const STAYS_WITH_UNDO = 15000;

  const region = () => document.getElementById("gx-toasts");

  function settle(toast) {
    const stay = toast.querySelector(".gx-toast-undo:not([hidden])") ? STAYS_WITH_UNDO : STAYS;
    let timer = 0;
    const wait = () => { timer = setTimeout(() => toast.remove(), stay); };
    const hold = () => clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, hold);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, () => { hold(); wait(); });
    wait();
  }

  function show({ text, undoUrl, undoText }) {
    const toast = document.getElementById("gx-toast").content.firstElementChild.cloneNode(true);
    toast.querySelector(":scope > span").textContent = text;
    if (undoUrl) {
      const undo = toast.querySelector(".gx-toast-undo");
      undo.hidden = false;
      undo.dataset.gxUndo = undoUrl;
      undo.querySelector("span").textContent = undoText;
    }
    region().firstElementChild.append(toast);
    settle(toast);
  }

  document.addEventListener("gx:toast", (event) => show(event.detail));

  document.addEventListener("click", (event) => {
    const undo = event.target.closest("[data-gx-undo]");
    if (undo) {
      undo.disabled = true;
      htmx.ajax("POST", undo.dataset.gxUndo, { source: document.body, swap: "none" });
    }
    if (undo || event.target.closest("[data-gx-close]")) event.target.closest("[data-gx-toast]")?.remove();
  });

  for (const toast of document.querySelectorAll("[data-gx-toast]")) settle(toast);
})();
