// The composer on top of a timeline: a tab opens the form for its kind, the same tab or "cancel" closes it.
//   data-gx-compose="call"   opens it with that kind; "" closes it
//   data-gx-for="call visit" is shown for these kinds only
(() => {
  const composer = () => document.getElementById("composer");

  function open(kind) {
    const form = composer().querySelector("form");
    for (const tab of composer().querySelectorAll("a[data-gx-compose]")) {
      const chosen = tab.dataset.gxCompose === kind;
      tab.classList.toggle("active", chosen);
      tab.setAttribute("aria-expanded", String(chosen));
    }
    form.hidden = !kind;
    if (!kind) return;
    form.querySelector("[data-gx-kind]").value = kind;
    for (const part of form.querySelectorAll("[data-gx-for]")) {
      part.hidden = Boolean(part.dataset.gxFor) && !part.dataset.gxFor.split(" ").includes(kind);
    }
  }

  const kindNow = () => composer().querySelector("[data-gx-kind]").value;
  const isOpen = () => !composer().querySelector("form").hidden;

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-gx-compose]");
    if (!opener || !composer() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const kind = opener.dataset.gxCompose;
    const again = opener.closest("#composer") && isOpen() && kind === kindNow();
    const tab = document.querySelector('[data-gx-show="did"]');
    if (tab?.offsetParent) tab.click();
    open(again ? "" : kind);
    if (isOpen()) composer().querySelector("textarea").focus();
    else composer().querySelector("a[data-gx-compose]").focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches?.("a[data-gx-compose]")) {
      event.preventDefault();
      event.target.click();
    }
  });

  // Open from the start where the address says so, or where text was kept from before.
  function begin() {
    const form = composer()?.querySelector("form");
    if (form && (!form.hidden || "gxRestored" in form.dataset)) open(kindNow());
  }
  document.addEventListener("htmx:afterSwap", begin);
  begin();
})();
