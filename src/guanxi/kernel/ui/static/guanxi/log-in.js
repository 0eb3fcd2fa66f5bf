// A session that ended while somebody was writing: a log-in opens above the page, the form below stays as it was typed
// and is sent again afterwards. Works for what htmx sends and for plain forms, which are asked about before they go.
(() => {
  const body = () => document.body;
  const user = () => body().dataset.gxUser;
  const cleared = new WeakSet(); // forms that may go now
  let dialog = null;
  let onward = [];

  // htmx says with every request whether somebody asked for it, or the page did by itself.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent?.isTrusted) event.detail.headers["X-Guanxi-Unasked"] = "1";
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const isOver = xhr.status === 401;
    const isOld = xhr.status === 403 && xhr.getResponseHeader("X-Guanxi-Token") === "old";
    if (!isOver && !isOld) return;
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    if ("X-Guanxi-Unasked" in requestConfig.headers) return;
    const again = () => sendAgain(requestConfig);
    if (isOver) open(xhr.responseText, again);
    else look().then((fragment) => (fragment ? open(fragment, again) : again()));
  });

  function sendAgain({ verb, path, elt, target, triggeringEvent }) {
    if (!elt.isConnected) return;
    (triggeringEvent?.submitter ?? elt).focus?.(); // htmx sends the name of the button that has the focus
    window.htmx.ajax(verb, path, { source: elt, target, event: triggeringEvent });
  }

  // On the window, so that whoever sends a form by script has taken it by then.
  window.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!user() || event.defaultPrevented || form.method !== "post" || form.closest("dialog.gx-log-in")) return;
    if (cleared.delete(form)) return;
    event.preventDefault();
    const go = () => {
      cleared.add(form);
      form.requestSubmit(event.submitter);
    };
    const fragment = await look();
    if (fragment) open(fragment, go);
    else go();
  });

  // Whether the session still lives: nothing, or else the log-in to show. Brings the token of the forms up to date.
  async function look() {
    try {
      const answer = await fetch(body().dataset.gxStill, { headers: { "HX-Request": "true" }, cache: "no-store" });
      if (answer.status === 401) return await answer.text();
      if (answer.ok) take(answer.headers.get("X-CSRFToken"));
    } catch {
      // No network: let the browser say so.
    }
    return "";
  }

  function take(token) {
    if (!token) return;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    body().setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }

  function open(fragment, then) {
    onward.push(then);
    if (dialog) return;
    dialog = document.createElement("dialog");
    dialog.className = "gx-dialog gx-log-in";
    dialog.addEventListener("submit", logIn);
    dialog.addEventListener("close", () => {
      dialog.remove();
      dialog = null;
      onward = [];
    });
    dialog.addEventListener("click", (event) => event.target.closest("[data-gx-close]") && dialog.close());
    body().append(dialog);
    fill(fragment);
    dialog.showModal();
    focus();
  }

  function fill(fragment) {
    dialog.innerHTML = fragment;
    dialog.setAttribute("aria-labelledby", dialog.querySelector("h2")?.id ?? "");
    const name = dialog.querySelector("[name=username]");
    if (name && !name.value) name.value = user() ?? "";
  }

  function focus() {
    (dialog.querySelector("[name=password], [name=code]") ?? dialog.querySelector("button"))?.focus();
  }

  async function logIn(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "HX-Request": "true" },
    });
    if (!answer.ok) {
      fill(await answer.text());
      focus();
      return;
    }
    const { username, token } = await answer.json();
    if (username !== user()) {
      location.reload(); // somebody else's page: what is on it may not be his to see
      return;
    }
    const sending = onward;
    take(token);
    dialog.close();
    for (const then of sending) then();
  }
})();
