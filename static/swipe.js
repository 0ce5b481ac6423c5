// Proposals on a phone: swiped to the right it is a yes, to the left a no. The buttons do the same, for everybody.
(() => {
  const ENOUGH = 0.35; // of its width; less, and it goes back
  const list = document.getElementById("proposals");
  if (!list) return;
  let card, from, by;

  const wanted = () => (Math.abs(by) < ENOUGH * card.offsetWidth ? "" : by > 0 ? "yes" : "no");
  const goBack = () => {
    card.style.translate = "";
    delete card.dataset.swiped;
    card = undefined;
  };
  list.addEventListener("pointerdown", ({ pointerType, target, clientX }) => {
    if (pointerType !== "touch" || target.closest("a, button, input")) return;
    card = target.closest("li.question");
    from = clientX;
    by = 0;
  });
  list.addEventListener("pointermove", ({ clientX }) => {
    if (!card) return;
    by = clientX - from;
    card.style.translate = `${by}px`;
    card.dataset.swiped = wanted();
  });
  list.addEventListener("pointerup", () => {
    if (!card) return;
    const [swiped, answer] = [card, wanted()];
    goBack();
    if (answer) swiped.querySelector(`[data-swipe=${answer}]`)?.click();
  });
  list.addEventListener("pointercancel", () => card && goBack());
})();
