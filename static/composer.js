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

  const startListening = async () => {
    const turn = (listening = { tracks: [] });
    mic.setAttribute("aria-pressed", "true");
    mic.setAttribute("aria-label", said("Stop listening"));
    say(said("One moment…"));
    // Phones let sound run only when it was opened by the tap itself, before anything is waited for.
    turn.context = new AudioContext({ sampleRate: 16_000 });
    const running = turn.context.resume();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    turn.tracks = stream.getTracks();
    await running;
    const source = sourceOf(turn, stream);
    await turn.context.audioWorklet.addModule(form.dataset.worklet);
    const socket = (turn.socket = new WebSocket(new URL(form.dataset.microphone, location.href.replace(/^http/, "ws"))));
    const early = [];
    const node = new AudioWorkletNode(turn.context, "microphone");
    node.port.onmessage = ({ data }) => {
      draw(loudness(data));
      socket.readyState === WebSocket.OPEN ? socket.send(data) : early.push(data);
    };
    level.hidden = false;
    source.connect(node);
    socket.onopen = () => {
      early.splice(0).forEach((piece) => socket.send(piece));
      say(said("Listening. It sends itself when you stop."));
    };
    socket.onmessage = ({ data }) => {
      const { words, done, trouble } = JSON.parse(data);
      if (words ?? done) text.value = words ?? done;
      if (done === undefined && trouble === undefined) return;
      turn.ended = true;
      stopListening();
      trouble ? say(trouble, true) : sendSoon();
    };
    socket.onclose = ({ code }) => {
      stopListening();
      if (turn.ended) return;
      say(code === 4401 ? said("You are signed out. Load the page again to sign in.") : said("The line to Floyd broke. Please try again, or type it."), true);
    };
  };

  // A phone that goes to sleep, or to another app, does not listen on, and sends nothing by itself.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden || !listening?.socket) return;
    const { socket } = listening;
    listening.ended = true;
    stopListening();
    socket.onmessage = null;
    socket.close();
    say(said("Floyd stopped listening. Change it and send it when it is right."));
  });

  const isOn = () => listening?.socket?.readyState === WebSocket.OPEN;
  const finish = () => {
    say(said("One moment…"));
    level.hidden = true;
    listening.tracks.forEach((track) => track.stop());
    listening.socket.send('{"stop": true}');
  };
  const begin = () => {
    if (listening) return;
    text.value = "";
    startListening().catch((error) => {
      stopListening();
      const denied = error.name === "NotAllowedError";
      say(denied ? said("Floyd may not use the microphone. Allow it in the address bar, or type.") : said("No microphone was found. Please type it."), true);
    });
  };

  let holding, held;
  mic.addEventListener("pointerdown", ({ button, pointerId }) => {
    held = false;
    if (button || listening) return;
    mic.setPointerCapture(pointerId);
    holding = setTimeout(() => {
      held = true;
      begin();
    }, HOLD_MS);
  });
  const letGo = () => {
    clearTimeout(holding);
    if (!held) return;
    // Phones let sound run from a touch that ends only. Let go before Floyd hears anything, it was a tap after all.
    listening?.context?.resume();
    if (isOn()) finish();
  };
  mic.addEventListener("pointerup", letGo);
  mic.addEventListener("pointercancel", letGo);
  mic.addEventListener("contextmenu", (event) => event.preventDefault());
  mic.addEventListener("click", () => {
    if (held) return void (held = false);
    isOn() ? finish() : begin();
  });
})();
