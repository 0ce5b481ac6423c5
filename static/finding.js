// The filters of the list: a choice counts at once. Without this there is the button.
(() => {
  const form = document.querySelector("form.filters");
  form?.addEventListener("change", ({ target }) => target.type !== "search" && form.requestSubmit());
})();
