// A link with data-gx-dialog opens its address in a dialog; without script it is a page of its own.
(() => {
  let opener = null;

  const dialog = () => document.getElementById("gx-dialog");

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-gx-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.dataset.gxDialog, link);
    } else if (event.target.closest("[data-gx-close-dialog]")) {
      if (dialog().open) dialog().close();
      else history.back();
    } else if (event.target === dialog()) {
      dialog().close(); // beside it
    }
  });

  function open(url, link) {
    opener = link;
    htmx.ajax("GET", url, { target: dialog(), swap: "innerHTML" }).then(() => {
      if (!dialog().open) dialog().showModal();
      const first = dialog().querySelector("[autofocus], select:not([hidden]), input:not([type=hidden]), .btn-primary");
      if (first) first.focus();
    });
  }

  document.addEventListener("gx:dialog", (event) => open(event.detail.url, document.activeElement));
  document.addEventListener("gx:dialog-close", () => dialog().close());

  dialog()?.addEventListener("close", () => {
    dialog().replaceChildren();
    const menu = opener?.closest(".dropdown");
    const back = menu ? menu.querySelector("[data-bs-toggle]") : opener;
    if (back?.isConnected) back.focus();
    opener = null;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form.gx-dialog-form, form[data-gx-save]");
      if (!form) return;
      event.preventDefault();
      form.querySelector(".btn-primary[type=submit]").click(); // a click tells htmx which button it was
    }
  });
})();
