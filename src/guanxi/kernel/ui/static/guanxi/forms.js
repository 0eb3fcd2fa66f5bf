// Forms: unsaved text asks before it is left, long texts are kept for this tab, Ctrl+Enter saves, mistakes get the focus.
//   data-gx-guard        leaving the page asks while something typed is not saved
//   data-gx-keep="key"   what is typed is kept in the tab's session storage until it was saved
//   data-gx-save         the button that Ctrl+Enter presses
//   data-gx-take="id"    puts data-gx-value into the input of that id
//   data-gx-days="3"     puts the day in so many days into the input data-gx-into
//   data-gx-summary      gets the focus when it appears
(() => {
  const DRAFT = "gx-draft:";
  const drafts = sessionStorage;
  const keyOf = (form) => DRAFT + form.dataset.gxKeep;
  const isKept = (field) =>
    field.name && !["password", "file"].includes(field.type) && field.name !== "csrfmiddlewaretoken" && !field.name.startsWith("before-");

  // --- unsaved text
  let leaving = false;
  const dirty = () => [...document.querySelectorAll("form[data-gx-guard][data-gx-dirty]")].some((form) => form.isConnected);
  addEventListener("beforeunload", (event) => {
    if (!leaving && dirty()) event.preventDefault();
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!form) return;
    if (form.matches("[data-gx-guard]")) form.dataset.gxDirty = "";
    if (form.matches("[data-gx-keep]")) keep(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.action.endsWith("/logout/")) forget();
    if (form.matches("[hx-post]")) return;
    leaving = true;
    if (form.matches("[data-gx-keep]")) keep(form, true);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.requestConfig?.elt; // not `detail.elt`: the form may be swapped away by now
    if (!form?.matches?.("form[hx-post]") || !event.detail.successful) return;
    if (event.detail.xhr.responseText.includes("data-gx-summary")) return;
    delete form.dataset.gxDirty;
    if (form.dataset.gxKeep) drafts.removeItem(keyOf(form));
  });

  // --- drafts
  function keep(form, sent = false) {
    const values = [...form.elements].filter(isKept).map((field) => [
      field.name, ["radio", "checkbox"].includes(field.type) ? field.checked : field.value, field.type === "radio" ? field.value : "",
    ]);
    drafts.setItem(keyOf(form), JSON.stringify({ sent, values }));
  }

  function restore(form) {
    const draft = JSON.parse(drafts.getItem(keyOf(form)) || "null");
    if (!draft || form.querySelector("[data-gx-summary]")) return;
    if (draft.sent) {
      drafts.removeItem(keyOf(form));
      return;
    }
    let changed = false;
    for (const [name, value, option] of draft.values) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") {
          if (field.type === "radio" && field.value !== option) continue;
          changed ||= field.checked !== value;
          field.checked = value;
        } else if (field.type !== "hidden" || "gxKind" in field.dataset) {
          changed ||= field.value !== value;
          field.value = value;
        }
      }
    }
    if (!changed) return;
    form.dataset.gxDirty = "";
    form.dataset.gxRestored = "";
  }

  function forget() {
    for (const key of Object.keys(drafts)) if (key.startsWith(DRAFT)) drafts.removeItem(key);
  }

  // What was sent and is on no page any more was saved, unless this page says that it was not.
  function settle() {
    const status = performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200;
    for (const key of Object.keys(drafts).filter((name) => name.startsWith(DRAFT))) {
      const draft = JSON.parse(drafts.getItem(key));
      if (!draft.sent) continue;
      if (status >= 400) drafts.setItem(key, JSON.stringify({ ...draft, sent: false }));
      else if (!document.querySelector(`form[data-gx-keep="${CSS.escape(key.slice(DRAFT.length))}"]`)) drafts.removeItem(key);
    }
  }

  // --- saving by keyboard, taking over, days to come
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const form = event.target.closest("form:not(.gx-dialog-form, [data-gx-save])"); // a dialog saves by itself
    const save = form?.querySelector("[data-gx-save]") ?? form?.querySelector(".btn-primary[type=submit]");
    if (!save) return;
    event.preventDefault();
    save.form.requestSubmit(save);
  });

  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-gx-take]");
    if (take) put(document.getElementById(take.dataset.gxTake), take.dataset.gxValue);
    const days = event.target.closest("[data-gx-days]");
    if (days) put(document.getElementById(days.dataset.gxInto), dayIn(Number(days.dataset.gxDays)));
  });

  function put(field, value) {
    if (field.matches("fieldset")) field.querySelector(`[value="${CSS.escape(value)}"]`).checked = true;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (!field.matches("fieldset")) field.focus();
  }

  function dayIn(days) {
    const day = new Date();
    day.setDate(day.getDate() + days);
    const two = (number) => String(number).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  }

  // --- what depends on another field: data-gx-when="kind=person"
  function show(form) {
    for (const part of form.querySelectorAll("[data-gx-when]")) {
      const [name, value] = part.dataset.gxWhen.split("=");
      const chosen = form.querySelector(`[name="${name}"]:checked`)?.value ?? form.elements[name]?.value;
      part.hidden = chosen !== value;
    }
  }
  document.addEventListener("change", (event) => event.target.form && show(event.target.form));

  function begin(root) {
    root.querySelectorAll("form").forEach(show);
    root.querySelectorAll("form[data-gx-keep]").forEach(restore);
    (root.querySelector("[data-gx-summary]") ?? root.querySelector("[data-gx-focus]"))?.focus();
  }
  document.addEventListener("htmx:afterSwap", (event) => begin(event.detail.elt.isConnected ? event.detail.elt : document));
  settle();
  begin(document);
})();
