// The filters of the list: a choice counts at once. Without this there is the button.
(() => {
  const form = document.querySelector("form.filters");
  form?.addEventListener("change", ({ target }) => target.type !== "search" && form.requestSubmit());
  // A status is a link, and was drawn before these words were typed: it takes them along.
  form?.addEventListener("click", ({ target }) => {
    const chip = target.closest("a.chip");
    if (!chip) return;
    const to = new URL(chip.href);
    const words = form.elements.q.value.trim();
    if (words) to.searchParams.set("q", words);
    else to.searchParams.delete("q");
    chip.href = to;
  });
})();
