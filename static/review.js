// Keys for pages that people work through by the hundred. An element says which key is its own: data-key="j".
// A link or button is clicked, a field is entered. In a list (data-rows) j and k walk through its links. ? shows the keys.
// They judge calls: under an open dialog, or switched off there, they do nothing (keys.js).
(() => {
  const busy = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  const walk = (list, step) => {
    const links = [...list.querySelectorAll(":scope > li > a")];
    const at = links.indexOf(document.activeElement);
    (links[at < 0 ? 0 : at + step] ?? document.activeElement)?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && busy(event.target)) return event.target.blur();
    if (busy(event.target) || keysRest()) return;
    const list = document.querySelector("[data-rows]");
    if (list && (event.key === "j" || event.key === "k")) walk(list, event.key === "j" ? 1 : -1);
    else if (event.key === "?" && document.querySelector("[data-keys]")) document.getElementById("show-shortcuts").click();
    else {
      const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!own) return;
      own.matches("input, textarea, select") ? own.focus() : own.click();
    }
    event.preventDefault();
  });

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-sends-itself] select")) target.form.requestSubmit();
  });
})();
