// Listening in to a call: a ticket from the page's server, sound from the call's own process, played by the worklet. Each side has its volume.
// Taking it over: the microphone's sound goes the same way, and is heard from the moment Floyd has told them who joins.
(() => {
  const FINAL = { 1000: said("The call is over."), 4403: said("You may not listen to this call any more."), 4429: said("Too many people listen to this call.") };
  const AGAIN_MS = [500, 1_000, 2_000, 4_000];
  const OURS = 1; // which side is Floyd's, or our own voice
  let now; // what is being listened to

  const parts = (box) => ({
    button: box.querySelector(".listen"),
    talk: box.querySelector(".take-over"),
    meters: box.querySelector(".meters"),
    status: box.querySelector("[role=status]"),
  });
  const say = (box, words) => { parts(box).status.textContent = words; };
  const press = (button, on, words) => {
    button?.setAttribute("aria-pressed", String(on));
    if (button) button.querySelector("span").textContent = words;
  };
  // Who presses it while another of their browsers has the call takes it over from there.
  const talkWords = (box) => (box.closest(".call")?.querySelector("[data-taken]") ? said("Take over here") : said("Take over"));
  const show = (box, on) => {
    press(parts(box).button, on, on ? said("Stop listening") : said("Listen in"));
    parts(box).meters.hidden = !on;
    if (!on) press(parts(box).talk, false, talkWords(box));
  };

  const ask = async (box, address, fields = {}) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await fetch(address, { method: "POST", body });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(found.trouble || said("Floyd did not answer. Load the page again.")), { final: answer.status < 500 });
    return found;
  };

  // --- listening ---
  const stop = (words = "") => {
    if (!now) return;
    const { box, context, socket, timer } = now;
    hush(now);
    now = undefined;
    clearTimeout(timer);
    if (socket) socket.onclose = socket.onmessage = null;
    socket?.close();
    context?.close();
    delete box.dataset.behind;
    show(box, false);
    say(box, words);
  };

  const connect = async (turn) => {
    const { address, token, listening } = await ask(turn.box, turn.box.dataset.listen);
    if (now !== turn) return;
    const socket = (turn.socket = new WebSocket(address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ token }));
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") return told(turn, JSON.parse(data));
      turn.tries = 0;
      if (turn.waiting) arrived(turn, listening);
      turn.node.port.postMessage(data, [data]);
    };
    socket.onclose = ({ code }) => (FINAL[code] ? stop(FINAL[code]) : again(turn));
  };

  const arrived = (turn, listening) => {
    turn.waiting = false;
    turn.listening = listening;
    say(turn.box, "");
    if (turn.tracks) takeOver(turn);
  };

  const again = (turn) => {
    if (now !== turn) return;
    if (turn.tries >= AGAIN_MS.length) return stop(said("The sound of this call cannot be reached now."));
    turn.waiting = true;
    turn.open = false;
    say(turn.box, said("The sound broke off. Trying again…"));
    turn.timer = setTimeout(() => attempt(turn), AGAIN_MS[turn.tries++]);
  };

  const attempt = (turn) => connect(turn).catch((error) => (error.final ? stop(error.message) : again(turn)));

  const start = async (box) => {
    stop();
    const turn = (now = { box, tries: 0, waiting: true, volumes: [] });
    show(box, true);
    say(box, said("One moment…"));
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
      const side = Number(slider.dataset.side);
      // Nobody wants to hear their own voice come back.
      const set = () => volume.gain.setTargetAtTime(side === OURS && turn.open ? 0 : slider.value / 100, context.currentTime, 0.02);
      set();
      turn.volumes.push(set);
      slider.oninput = set;
      turn.node.connect(volume, side).connect(context.destination);
    }
    await attempt(turn);
  };

  // --- speaking ---
  const hush = (turn) => {
    turn.tracks?.forEach((track) => track.stop());
    turn.tracks = undefined;
    turn.microphone = turn.open = false;
    press(parts(turn.box).talk, false, talkWords(turn.box));
    turn.volumes.forEach((set) => set());
  };

  const told = (turn, { microphone }) => {
    turn.open = microphone === "open";
    turn.volumes.forEach((set) => set());
    if (turn.open) return say(turn.box, said("You are on the line. Floyd is quiet."));
    if (!turn.microphone) return;
    hush(turn);
    say(turn.box, said("Floyd has the call again."));
  };

  const takeOver = (turn) => {
    say(turn.box, said("Floyd tells them that you join. Speak when it says so here."));
    ask(turn.box, parts(turn.box).talk.dataset.takeOver, { listening: turn.listening }).catch((error) => {
      hush(turn);
      say(turn.box, error.message);
    });
  };

  const speak = async (box) => {
    // Asked for by the tap itself, as the sound is.
    const asking = navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    const starting = now?.box === box ? undefined : start(box);
    const turn = now;
    turn.microphone = true;
    press(parts(box).talk, true, said("Give back to Floyd"));
    try {
      const stream = await asking;
      await starting;
      if (now !== turn || !turn.microphone) return stream.getTracks().forEach((track) => track.stop());
      const talk = new AudioWorkletNode(turn.context, "talk");
      talk.port.onmessage = ({ data }) => { if (turn.open && turn.socket.readyState === WebSocket.OPEN) turn.socket.send(data); };
      turn.context.createMediaStreamSource(stream).connect(talk);
      turn.tracks = stream.getTracks();
      if (!turn.waiting) takeOver(turn);
    } catch (error) {
      if (now === turn) hush(turn);
      const denied = error.name === "NotAllowedError";
      say(box, denied ? said("Floyd may not use the microphone. Allow it in the address bar.") : said("No microphone was found."));
    }
  };

  const giveBack = (turn) => {
    const asked = turn.tracks && turn.listening;
    hush(turn);
    say(turn.box, "");
    if (asked) ask(turn.box, parts(turn.box).talk.dataset.giveBack).catch((error) => say(turn.box, error.message));
  };

  document.addEventListener("click", ({ target, detail }) => {
    const button = target.closest?.(".listening .listen, .listening .take-over");
    // The second click of a double one would undo the first: the microphone would be open again after it was given back.
    if (!button || detail > 1) return;
    const box = button.closest(".listening");
    if (button.matches(".take-over")) {
      if (now?.box === box && now.microphone) giveBack(now);
      else speak(box);
      return;
    }
    if (now?.box === box) return stop();
    start(box).catch(() => stop(said("This browser cannot play the sound of a call.")));
  });

  // The controls come and go with the call; where sound cannot be played the buttons stay away.
  const able = "AudioWorkletNode" in window;
  const look = () => {
    for (const box of document.querySelectorAll(".listening[hidden]")) {
      if (!able) { box.remove(); continue; }
      box.hidden = false;
      if (parts(box).talk && !navigator.mediaDevices?.getUserMedia) parts(box).talk.hidden = true;
    }
    for (const talk of document.querySelectorAll('.listening .take-over[aria-pressed="false"]')) {
      const words = talkWords(talk.closest(".listening"));
      if (talk.querySelector("span").textContent !== words) press(talk, false, words);
    }
    if (now && !now.box.isConnected) stop();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-taken"] });
  look();
})();
