// Keyboard shortcuts: whatever says `aria-keyshortcuts="x"` is pressed, or entered if it is a field, by that one key.
// J and K go through the list. What there is on a page is shown by "?"; a checkbox there switches it all off.
// A page with keys of its own ([data-keys]) lists them itself and hears them in review.js; there only those count.
const KEYS_OFF = "no-shortcuts";
// Keys rest while they are switched off, and while a dialog lies over what they would act on.
const keysRest = () => Boolean(localStorage.getItem(KEYS_OFF)) || document.querySelector("dialog[open]") !== null;

(() => {
  const dialog = document.getElementById("shortcuts");
  const button = document.getElementById("show-shortcuts");
  if (!dialog || !button) return;
  const use = document.getElementById("use-shortcuts");
  const keys = dialog.querySelector("dl");
  const fixed = [...keys.children];
  const own = document.querySelector("[data-keys]");
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest("dialog");
  const named = (element) => element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;

  const row = (element) => {
    const part = (name, text) => Object.assign(document.createElement(name), { textContent: text.trim() });
    const term = document.createElement("dt");
    term.append(part("kbd", element.getAttribute("aria-keyshortcuts").toUpperCase()));
    const line = document.createElement("div");
    line.append(term, part("dd", named(element)));
    return line;
  };
  const listed = () => {
    if (own) return [...own.querySelectorAll("dl > div")].map((line) => line.cloneNode(true));
    const there = [...document.querySelectorAll("[aria-keyshortcuts]")].filter(shown);
    return [...(document.querySelector(".request") ? fixed : []), ...there.map(row)];
  };
  const open = () => {
    use.checked = !localStorage.getItem(KEYS_OFF);
    keys.replaceChildren(...listed());
    dialog.showModal();
  };
  if (own) {
    // What a screen reader says of a link or button is what its key does here.
    document.querySelectorAll(".ways [aria-keyshortcuts]").forEach((link) => link.removeAttribute("aria-keyshortcuts"));
    document.querySelectorAll("[data-key]").forEach((element) => element.setAttribute("aria-keyshortcuts", element.dataset.key));
  }
  button.hidden = false;
  button.addEventListener("click", open);
  dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest(".close")) && dialog.close());
  use.addEventListener("change", () => (use.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));

  const step = (by) => {
    // Lists that the page shows, those of its own part first: on a wide window some stand at the side, too.
    const all = [...document.querySelectorAll("a.request")].filter(shown);
    const main = all.filter((link) => link.closest("main"));
    const links = main.length ? main : all;
    const at = links.indexOf(document.activeElement.closest?.("a.request") ?? links.find((link) => link.ariaCurrent));
    links[Math.max(0, Math.min(links.length - 1, at < 0 && by < 0 ? 0 : at + by))]?.focus();
  };
  const press = (element) => {
    if (!element.matches("input, textarea, select")) return element.click();
    element.focus();
    element.select?.();
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing) return void (event.key === "Escape" && event.target.blur());
    if (own || keysRest()) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      return step(key === "j" ? 1 : -1);
    }
    const wanted = [...document.querySelectorAll(`[aria-keyshortcuts="${CSS.escape(key)}"]`)].find(shown);
    if (!wanted) return;
    event.preventDefault();
    press(wanted);
  });
})();
