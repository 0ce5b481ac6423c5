// The browser as a headset: microphone samples (16 bit, 8 kHz) up, μ-law at 8 kHz down.

const RATE = 8000;
const SAMPLES_AHEAD_S = 0.08;

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
  constructor(path, tell) {
    this.path = path;
    this.tell = tell;
    this.on = false;
  }

  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, channelCount: 1 } });
    this.stream = stream;
    this.context = new AudioContext({ sampleRate: RATE });
    await this.context.audioWorklet.addModule("/pages/microphone-worklet.js");
    const microphone = new AudioWorkletNode(this.context, "microphone");
    this.context.createMediaStreamSource(stream).connect(microphone);
    this.socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${this.path}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (event) => this.play(decodeMulaw(new Uint8Array(event.data)));
    this.socket.onclose = () => this.stop();
    microphone.port.onmessage = (event) => { if (this.socket.readyState === WebSocket.OPEN) this.socket.send(event.data); };
    this.playedUntil = 0;
    this.on = true;
    this.tell("You hear and are heard.");
  }

  play(samples) {
    if (!this.on) return;
    const buffer = this.context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(samples, 0);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    this.playedUntil = Math.max(this.playedUntil, this.context.currentTime + SAMPLES_AHEAD_S);
    source.start(this.playedUntil);
    this.playedUntil += buffer.duration;
  }

  stop() {
    if (!this.on) return;
    this.on = false;
    this.stream.getTracks().forEach((track) => track.stop());
    this.socket.close();
    this.context.close();
    this.tell("");
  }
}
