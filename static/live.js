// Keeps the page current: says over the page socket how far it has seen each topic, swaps what comes, resumes after a break.
// htmx's ws extension owns the connection and its reconnects; this file owns the sequence numbers. See live/consumer.py.
(() => {
  const SILENCE_MS = 25_000; // the server is heard every ten seconds; after this long the line is dead
  const LOST_AFTER_MS = 1_500; // a short break is nobody's business
  const seen = JSON.parse(document.body.dataset.topics || "{}");
  const QUIET_MS = 12_000; // longer than the server ever is
  // Why the server lets this page have no line: to come back by itself would be of no use. Anything else means that the page is out of date.
  const REFUSALS = { 4401: "signed-out", 4403: "refused", 4429: "too-many" };
  let internals, watchdog, lost, line, heardAt, ended;

  const say = (state) => {
    clearTimeout(lost);
    document.body.dataset.live = state;
  };
  const listenFor = (connection) => {
    clearTimeout(watchdog);
    line = connection;
    heardAt = Date.now();
    watchdog = setTimeout(() => connection.socket?.close(), SILENCE_MS);
  };
  // A phone that slept, or a network that changed, leaves a line that only seems to be open, and takes seconds to close; or one that is
  // tried again seconds from now. A new one in its place is opened at once.
  const renew = () => {
    const place = document.querySelector("[hx-ws\\:connect]");
    if (place) htmx.swap({ sourceElement: place, target: place, swap: "outerHTML", text: place.outerHTML, transition: false });
  };
  const wake = () => {
    const opening = line?.socket?.readyState === WebSocket.CONNECTING;
    const alive = line?.socket?.readyState === WebSocket.OPEN && Date.now() - heardAt <= QUIET_MS;
    if (!document.hidden && line && !ended && !opening && !alive) renew();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", () => !ended && renew());
  addEventListener("offline", () => say("lost"));

  const typing = () => [...document.querySelectorAll("textarea, input[type=text], input:not([type])")].some((field) => field.value !== field.defaultValue);

  const startAnew = () => (typing() ? say("stale") : location.reload());
  // The browser kept the page while it was away from it; its line was closed when it left.
  addEventListener("pageshow", ({ persisted }) => persisted && startAnew());

  document.addEventListener("htmx:ws:after:connection", ({ detail: { connection } }) => {
    connection.socket.send(JSON.stringify({ watch: seen }));
    listenFor(connection);
  });

  document.addEventListener("htmx:ws:before:message:incoming", (event) => {
    const { connection, message } = event.detail;
    listenFor(connection);
    say("current");
    const { heads = {}, reload } = JSON.parse(message.data);
    if (reload) startAnew();
    Object.assign(seen, heads);
  });

  document.addEventListener("htmx:ws:close", ({ detail: { code, reason } }) => {
    clearTimeout(watchdog);
    if (reason === "removed") return;
    ended = code >= 4400;
    if (ended) return say(REFUSALS[code] ?? "stale");
    clearTimeout(lost);
    lost = setTimeout(() => say("lost"), LOST_AFTER_MS);
  });

  // A page that says what went wrong is no part of this one: what was typed stays where it is, and what came of it is said beside it.
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status, headers } = ctx.response;
    if (ctx.request.method !== "POST" || headers.has("HX-Redirect") || ![403, 404].includes(status) && status < 500) return;
    const words = said("Floyd did not take it. Load the page again and try once more.");
    document.getElementById("toasts").replaceChildren(Object.assign(document.createElement("p"), { className: "toast", textContent: words }));
  });

  // Swap style "place": each element goes to its place in a list by data-order, or is morphed where it already is.
  // Morphing keeps focus and selection, and drawing the same thing twice changes nothing.
  const place = (target, element) => {
    // What is drawn is the same for every page; which link leads to this one is known here only.
    element.querySelector(`a[href="${CSS.escape(location.pathname)}"]`)?.setAttribute("aria-current", "true");
    const old = document.getElementById(element.id);
    if (old?.parentElement === target && old.dataset.order === element.dataset.order) {
      const fragment = document.createDocumentFragment();
      fragment.append(element);
      internals.morph(old, fragment, false);
      return document.getElementById(element.id);
    }
    old?.remove();
    const down = "newestFirst" in target.dataset;
    const after = [...target.children].find((child) => (down ? child.dataset.order < element.dataset.order : child.dataset.order > element.dataset.order));
    target.insertBefore(element, after ?? null);
    return element;
  };

  htmx.registerExtension("place", {
    init: (api) => (internals = api),
    handle_swap: (style, target, fragment) => {
      if (style !== "place") return false;
      const last = target.lastElementChild?.getBoundingClientRect();
      const following = "follow" in target.dataset && last && last.top < innerHeight && last.bottom > 0;
      const placed = [...fragment.children].map((element) => place(target, element));
      if (following) target.lastElementChild.scrollIntoView({ block: "nearest" });
      return placed;
    },
  });

  // A question that is out of sight is pointed at: what was read when it came stays where it is.
  // So is what came of it, until it was seen once.
  const sight = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      const wasAway = target.hasAttribute("data-away");
      target.toggleAttribute("data-away", !isIntersecting);
      if (!target.matches(".came:has(.card)") || (wasAway && !isIntersecting)) continue;
      target.removeAttribute("data-away");
      sight.unobserve(target);
    }
  });
  document.querySelectorAll(":has(+ .needed)").forEach((part) => sight.observe(part));

  // Running clocks: <time data-since="2026-11-21T10:02:00Z"> shows m:ss.
  setInterval(() => {
    for (const clock of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
      clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }
  }, 1000);
})();
