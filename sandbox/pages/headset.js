// The browser as a headset: μ-law at 8 kHz down, and, once somebody wants to speak, microphone samples (16 bit, 8 kHz) up.

const RATE = 8000;
const SAMPLES_AHEAD_S = 0.08;
// More than this behind, and what is old is left out: a conversation has no use for it.
const MOST_AHEAD_S = 0.4;

function decodeMulaw(bytes) {
  const samples = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) {
    const code = ~bytes[i] & 0xff;
    const magnitude = ((((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84;
    samples[i] = (code & 0x80 ? -magnitude : magnitude) / 32768;
  }
  return samples;
}

export class Headset {
  // `path` is the socket's address; `tell` is told in words what is heard.
  constructor(path, tell) {
    this.path = path;
    this.tell = tell;
    this.context = null;
    this.socket = null;
    this.stream = null;
  }

  get listening() { return this.socket !== null; }

  get speaking() { return this.stream !== null; }

  // Sound may begin only after a tap: call this in its handler.
  ready() {
    this.context ??= new AudioContext({ sampleRate: RATE });
    this.context.resume();
  }

  listen() {
    if (this.listening || !this.context) return;
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.play(decodeMulaw(new Uint8Array(event.data)));
    socket.onclose = () => { if (this.socket === socket) this.hangUp(); };
    this.socket = socket;
    this.playedUntil = 0;
    this.tell("You hear the call.");
  }

  async speak() {
    this.ready();
    this.listen();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, channelCount: 1 } });
    await this.context.audioWorklet.addModule("/pages/microphone-worklet.js");
    const microphone = new AudioWorkletNode(this.context, "microphone");
    this.context.createMediaStreamSource(stream).connect(microphone);
    microphone.port.onmessage = (event) => { if (this.speaking && this.socket?.readyState === WebSocket.OPEN) this.socket.send(event.data); };
    this.stream = stream;
    this.tell("You hear the call and are heard.");
  }

  mute() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    if (this.listening) this.tell("You hear the call.");
  }

  play(samples) {
    const now = this.context.currentTime;
    if (this.playedUntil - now > MOST_AHEAD_S) return;
    const buffer = this.context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    if (this.playedUntil < now) this.playedUntil = now + SAMPLES_AHEAD_S;
    source.start(this.playedUntil);
    this.playedUntil += buffer.duration;
  }

  hangUp() {
    const socket = this.socket;
    this.socket = null;
    this.mute();
    socket?.close();
    this.tell("");
  }
}

// A telephone's ring, as long as it rings; silent until somebody has tapped the page.
export class Bell {
  start() {
    if (this.timer || !navigator.userActivation?.hasBeenActive) return;
    this.context ??= new AudioContext();
    const burst = () => {
      const loudness = this.context.createGain();
      loudness.gain.value = 0.05;
      loudness.connect(this.context.destination);
      for (const frequency of [440, 480]) {
        const tone = this.context.createOscillator();
        tone.frequency.value = frequency;
        tone.connect(loudness);
        tone.start();
        tone.stop(this.context.currentTime + 1);
      }
    };
    burst();
    this.timer = setInterval(burst, 3000);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }
}
