// The recording of a call: once it can be played, the times of the transcript's lines are buttons that play it from there.
(() => {
  // A part of the call has a clock of its own behind its last line: what is added to it is the place in the recording.
  const place = (audio, time) => {
    const seq = Number(time.closest("[data-order]").dataset.order);
    const part = JSON.parse(audio.dataset.parts).filter(([after]) => after < seq).at(-1);
    return part ? (Number(time.dataset.ms) + part[1]) / 1000 : -1;
  };

  const ready = (audio) => {
    for (const time of document.querySelectorAll(`#${CSS.escape(audio.dataset.lines)} time[data-ms]`)) {
      const at = place(audio, time);
      if (at < 0 || at >= audio.duration || time.querySelector("button")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.title = said("Play from here");
      button.append(...time.childNodes);
      button.addEventListener("click", () => {
        audio.currentTime = at;
        audio.play().catch(() => {}); // the browser may want a press on the player itself first
      });
      time.append(button);
    }
  };

  // It may come later than the page.
  const isOurs = (target) => target instanceof HTMLMediaElement && target.dataset.parts !== undefined;
  document.addEventListener("loadedmetadata", ({ target }) => { if (isOurs(target)) ready(target); }, true);
  for (const audio of document.querySelectorAll("audio[data-parts]")) if (audio.readyState > 0) ready(audio);
})();
