// Samples of voices play in place; without a script they are links to sound files.
const player = new Audio();
const told = document.getElementById("sample-status");
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sample]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  told.textContent = "";
  player.src = link.href;
  // A click on another one breaks the first off: that is no trouble.
  player.play().catch((error) => { if (error.name !== "AbortError") told.textContent = told.dataset.trouble; });
});
