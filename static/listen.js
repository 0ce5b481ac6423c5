// Listening in to a call: a ticket from the page's server, sound from the call's own process, played by the worklet. Each side has its volume.
(() => {
  const FINAL = { 1000: "The call is over.", 4403: "You may not listen to this call any more.", 4429: "Too many people listen to this call." };
  const AGAIN_MS = [500, 1_000, 2_000, 4_000];
  let now; // what is being listened to

  const parts = (box) => ({ button: box.querySelector(".listen"), meters: box.querySelector(".meters"), status: box.querySelector("[role=status]") });
  const say = (box, words) => { parts(box).status.textContent = words; };
  const show = (box, on) => {
    const { button, meters } = parts(box);
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("span").textContent = on ? "Stop listening" : "Listen in";
    meters.hidden = !on;
  };

  const stop = (words = "") => {
    if (!now) return;
    const { box, context, socket, timer } = now;
    now = undefined;
    clearTimeout(timer);
    if (socket) socket.onclose = socket.onmessage = null;
    socket?.close();
    context?.close();
    delete box.dataset.behind;
    show(box, false);
    say(box, words);
  };

  const ticket = async (box) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(box.dataset.listen, { method: "POST", body });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(found.trouble || "Floyd did not answer. Load the page again."), { final: answer.status < 500 });
    return found;
  };

  const connect = async (turn) => {
    const { address, token } = await ticket(turn.box);
    if (now !== turn) return;
    const socket = (turn.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ token }));
    socket.onmessage = ({ data }) => {
      turn.tries = 0;
      if (turn.waiting) say(turn.box, "");
      turn.waiting = false;
      turn.node.port.postMessage(data, [data]);
    };
    socket.onclose = ({ code }) => (FINAL[code] ? stop(FINAL[code]) : again(turn));
  };

  const again = (turn) => {
    if (now !== turn) return;
    if (turn.tries >= AGAIN_MS.length) return stop("The sound of this call cannot be reached now.");
    turn.waiting = true;
    say(turn.box, "The sound broke off. Trying again…");
    turn.timer = setTimeout(() => attempt(turn), AGAIN_MS[turn.tries++]);
  };

  const attempt = (turn) => connect(turn).catch((error) => (error.final ? stop(error.message) : again(turn)));

  const start = async (box) => {
    stop();
    const turn = (now = { box, tries: 0, waiting: true });
    show(box, true);
    say(box, "One moment…");
    // Phones let sound run only when it was opened by the tap itself, before anything is waited for.
    const context = (turn.context = new AudioContext({ latencyHint: "interactive" }));
    const running = context.resume();
    await context.audioWorklet.addModule(box.dataset.worklet);
    await running;
    if (now !== turn) return;
    turn.node = new AudioWorkletNode(context, "both-sides", { numberOfInputs: 0, numberOfOutputs: 2, outputChannelCount: [1, 1] });
    turn.node.port.onmessage = ({ data }) => { box.dataset.behind = data.playing ? data.behind : ""; };
    for (const slider of box.querySelectorAll("[data-side]")) {
      const volume = new GainNode(context);
      const set = () => volume.gain.setTargetAtTime(slider.value / 100, context.currentTime, 0.02);
      set();
      slider.oninput = set;
      turn.node.connect(volume, Number(slider.dataset.side)).connect(context.destination);
    }
    await attempt(turn);
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.(".listening .listen");
    if (!button) return;
    const box = button.closest(".listening");
    if (now?.box === box) return stop();
    start(box).catch(() => stop("This browser cannot play the sound of a call."));
  });

  // The controls come and go with the call; where sound cannot be played the button stays away.
  const able = "AudioWorkletNode" in window;
  const look = () => {
    for (const box of document.querySelectorAll(".listening[hidden]")) box.hidden = !able;
    if (now && !now.box.isConnected) stop();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  look();
})();
