// A file that is ready is fetched at once, where somebody waits for it; it stays on the page of long work too.
(() => {
  document.addEventListener("gx:download", (event) => {
    const link = document.createElement("a");
    link.href = event.detail.value;
    link.download = "";
    link.click();
  });
})();
