// The box to say what you want: Enter sends, and the microphone writes into it while you speak: tap it and talk, or hold it while you
// talk. Works without either.
(() => {
  const form = document.querySelector("form.asking");
  const text = form?.querySelector("textarea");
  if (!text) return;
  const status = form.querySelector(".status");
  const mic = form.querySelector(".mic");
  const undo = form.querySelector(".undo");
  const level = form.querySelector(".level");
  const bars = [...level.children];
  const TAKE_BACK_MS = 1_000;
  const HOLD_MS = 350; // a shorter touch is a tap
  const ANSWER_MS = 10_000; // how long the words may take that were said last
  let listening, sending;

  const say = (words, trouble = false) => {
    status.textContent = words;
    status.classList.toggle("trouble", trouble);
  };

  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  // Going back, the words stand in the box again that it held. Chromium sees to it by itself; Firefox forgets what was typed into a page that
  // must not be stored, so they are kept with the page's place in the history. What is a request already must not be sent anew.
  const { whose } = document.body.dataset;
  addEventListener("pagehide", () => history.replaceState({ ...history.state, ask: text.value, asker: whose }, ""));
  addEventListener("pageshow", () => {
    const { ask, asker } = history.state ?? {};
    if (ask && asker === whose && text.value === text.defaultValue) text.value = ask;
    const restored = text.value !== text.defaultValue && text.value.trim();
    if (restored && JSON.parse(form.dataset.sent ?? "[]").includes(restored)) text.value = text.defaultValue;
  });

  // --- sending by itself, with a moment to take it back ---
  const takeBack = () => {
    if (!sending) return;
    clearTimeout(sending);
    sending = undefined;
    undo.hidden = true;
    mic.hidden = false;
    say(said("Change it and send it when it is right."));
    text.focus();
  };
  const sendSoon = () => {
    form.elements.channel.value = "voice";
    say(said("Sending…"));
    undo.hidden = false;
    mic.hidden = true;
    sending = setTimeout(() => form.requestSubmit(), TAKE_BACK_MS);
  };
  undo.addEventListener("click", takeBack);
  text.addEventListener("input", takeBack);
  text.addEventListener("pointerdown", takeBack);

  // --- listening ---
  if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) return;
  mic.hidden = false;

  // How loud it is, as bars that wander to the left: the newest is the last.
  const loudness = (piece) => {
    const samples = new Int16Array(piece);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(1, Math.max(0, 1 + Math.log10(power / 32_768 ** 2 + 1e-9) / 5)); // -50 dB and less: nothing
  };
  const draw = (loud) => {
    bars.forEach((bar, at) => bar.style.setProperty("--loud", at + 1 < bars.length ? bars[at + 1].style.getPropertyValue("--loud") : loud.toFixed(2)));
  };

  const stopListening = () => {
    if (!listening) return;
    clearTimeout(listening.waiting);
    level.hidden = true;
    listening.tracks.forEach((track) => track.stop());
    listening.context?.close();
    listening = undefined;
    mic.setAttribute("aria-pressed", "false");
    mic.setAttribute("aria-label", said("Say it"));
  };

  // Where a browser (Firefox) cannot change the microphone's rate, the worklet does.
  const sourceOf = (turn, stream) => {
    try {
      return turn.context.createMediaStreamSource(stream);
    } catch {
      turn.context.close();
      turn.context = new AudioContext();
      return turn.context.createMediaStreamSource(stream);
    }
  };

  // What is said stands behind what stood there.
  const added = (before, words) => (before && !/\s$/.test(before) ? `${before} ${words}` : before + words);

  const startListening = async (turn) => {
    // Phones let sound run only when it was opened by the tap itself, before anything is waited for.
    turn.context = new AudioContext({ sampleRate: 16_000 });
    const running = turn.context.resume();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    turn.tracks = stream.getTracks();
    if (turn !== listening) return void turn.tracks.forEach((track) => track.stop());
    await running;
    const source = sourceOf(turn, stream);
    await turn.context.audioWorklet.addModule(form.dataset.worklet);
    if (turn !== listening) return;
    const socket = (turn.socket = new WebSocket(new URL(form.dataset.microphone, location.href.replace(/^http/, "ws"))));
    const early = [];
    const node = new AudioWorkletNode(turn.context, "microphone");
    node.port.onmessage = ({ data }) => {
      draw(loudness(data));
      socket.readyState === WebSocket.OPEN ? socket.send(data) : early.push(data);
    };
    level.hidden = false;
    source.connect(node);
    hear(turn, socket, early);
  };

  const hear = (turn, socket, early) => {
    socket.onopen = () => {
      if (turn.held) socket.send('{"held": true}');
      early.splice(0).forEach((piece) => socket.send(piece));
      if (turn !== listening) return;
      say(turn.held ? said("Listening. Let go to send it.") : said("Listening. It sends itself when you stop."));
    };
    socket.onmessage = ({ data }) => {
      if (turn !== listening) return;
      const { words, done, trouble } = JSON.parse(data);
      if (words ?? done) text.value = added(turn.before, words ?? done);
      if (done === undefined && trouble === undefined) return;
      stopListening();
      trouble ? say(trouble, true) : sendSoon();
    };
    socket.onclose = ({ code }) => {
      if (turn !== listening) return;
      stopListening();
      say(refusals[code] ?? said("The line to Floyd broke. Please try again, or type it."), true);
    };
  };
  const refusals = {
    4401: said("You are signed out. Load the page again to sign in."),
    4429: said("Floyd is listening in too many of your windows. Close one and try again, or type it."),
  };

  // Whatever came so far stays, and nothing is sent by itself.
  const abandon = (words, trouble = false) => {
    const { socket } = listening;
    stopListening();
    socket?.close();
    say(words, trouble);
  };
  // A phone that goes to sleep, or to another app, does not listen on, and sends nothing by itself.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && listening?.socket) abandon(said("Floyd stopped listening. Change it and send it when it is right."));
  });

  const isOn = () => listening?.socket?.readyState === WebSocket.OPEN && !listening.waiting;
  const finish = () => {
    say(said("One moment…"));
    level.hidden = true;
    listening.tracks.forEach((track) => track.stop());
    listening.socket.send('{"stop": true}');
    listening.waiting = setTimeout(() => abandon(said("Floyd did not answer in time. Change it and send it when it is right."), true), ANSWER_MS);
  };
  const begin = (byHolding = false) => {
    if (listening) return;
    const turn = (listening = { tracks: [], before: text.value, held: byHolding });
    mic.setAttribute("aria-pressed", "true");
    mic.setAttribute("aria-label", said("Stop listening"));
    say(said("One moment…"));
    startListening(turn).catch((error) => {
      if (turn !== listening) return;
      stopListening();
      const denied = error.name === "NotAllowedError";
      say(denied ? said("Floyd may not use the microphone. Allow it in the address bar, or type.") : said("No microphone was found. Please type it."), true);
    });
  };
  // Taps in turn: listen, that was it. A tap before Floyd hears, or while it waits for the last words, ends it as it is.
  const tap = () => {
    if (isOn()) return finish();
    listening ? abandon(said("Floyd stopped listening. Change it and send it when it is right.")) : begin();
  };

  let holding, held;
  mic.addEventListener("pointerdown", ({ button, pointerId }) => {
    held = false;
    if (button || listening) return;
    mic.setPointerCapture(pointerId);
    holding = setTimeout(() => {
      held = true;
      begin(true);
    }, HOLD_MS);
  });
  const letGo = () => {
    clearTimeout(holding);
    if (!held) return;
    // Phones let sound run from a touch that ends only. Let go before Floyd hears anything, it was a tap after all.
    listening?.context?.resume();
    if (isOn()) return finish();
    if (listening) listening.held = false;
  };
  mic.addEventListener("pointerup", letGo);
  mic.addEventListener("pointercancel", letGo);
  mic.addEventListener("contextmenu", (event) => event.preventDefault());
  mic.addEventListener("click", () => {
    if (held) return void (held = false);
    tap();
  });
})();
