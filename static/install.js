// Gives this browser the worker that says it when Floyd cannot be reached, and that shows notifications once they are switched on.
(() => {
  const { worker } = document.currentScript.dataset;
  navigator.serviceWorker?.register(worker).catch(() => {}); // a browser that allows none does without
})();
