// On a record's page, "back" leads to the list as the reader left it.
(() => {
  for (const link of document.querySelectorAll("[data-gx-back]")) {
    const address = sessionStorage.getItem(`gx:list:${link.dataset.gxBack}`);
    if (!address?.startsWith("/")) continue;
    link.href = address;
    link.addEventListener("click", () => sessionStorage.setItem("gx:back", link.dataset.gxBack));
  }
})();
