// The calendar: a step is dragged to another day; by keyboard the form in the step does the same.
(() => {
  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-gx-step]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("summary").textContent.trim());
    dragged.classList.add("gx-is-dragged");
  });

  document.addEventListener("dragover", (event) => {
    const day = event.target.closest?.("[data-gx-day]");
    if (!dragged || !day) return;
    event.preventDefault();
    mark(day);
  });

  document.addEventListener("drop", (event) => {
    const day = event.target.closest?.("[data-gx-day]");
    if (!dragged || !day) return;
    event.preventDefault();
    if (day !== dragged.closest("[data-gx-day]")) {
      htmx.ajax("POST", dragged.dataset.gxStep, { source: document.body, swap: "none", values: { to: day.dataset.gxDay } });
    }
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("gx-is-dragged");
    dragged = null;
    mark(null);
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest?.("[data-gx-step][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  function mark(day) {
    for (const marked of document.querySelectorAll(".gx-is-aim")) if (marked !== day) marked.classList.remove("gx-is-aim");
    day?.classList.add("gx-is-aim");
  }
})();
