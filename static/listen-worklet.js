// Runs beside the page, and takes the user's own voice along when they take the call over. Plays both sides of a call from a jitter buffer. Sound comes in pieces of 40 ms over a network that is never even;
// the buffer holds just as much as keeps it whole, and plays a little faster when it holds more than that.
const RATE = 8_000; // the telephone's
const LEAST_MS = 60, FIRST_MS = 100, MOST_MS = 300;
const MORE_MS = 40; // after a gap
const LESS_MS = 20, LESS_AFTER_MS = 8_000; // after so long without one
const TOO_MUCH_MS = 400; // above the goal: a sleeping page woke up, and listens live again
const FASTER = 1.04;
const HOLD = RATE * 4;
const HEADER = 4;
const REPORT_EVERY_MS = 250;

// μ-law (ITU-T G.711) to samples.
const LINEAR = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return (bits & 0x80 ? 0x84 - size : size - 0x84) / 32_768;
});

class BothSides extends AudioWorkletProcessor {
  sides = [new Float32Array(HOLD), new Float32Array(HOLD)];
  written = 0; // samples so far; where the next one goes
  read = 0; // the sample that is played, with a fraction
  begun = undefined; // position of the call at which we came in
  playing = false;
  goal = FIRST_MS;
  gaps = 0;
  whole = 0; // ms since the last gap
  sinceReport = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.take(data);
  }

  get heldMs() {
    return ((this.written - this.read) / RATE) * 1000;
  }

  take(piece) {
    const position = new DataView(piece).getUint32(0);
    const codes = new Uint8Array(piece, HEADER);
    const length = codes.length >> 1;
    this.begun ??= (position - this.written) >>> 0;
    const at = (position - this.begun) >>> 0;
    if (at > this.written + HOLD || at + length < this.written) this.begin(position);
    // What the server left out for us is silence here, so that the sides stay together.
    else while (this.written < at) this.put(0, 0);
    for (let index = 0; index < length; index += 1) this.put(LINEAR[codes[index]], LINEAR[codes[length + index]]);
    if (this.heldMs > this.goal + TOO_MUCH_MS) this.read = this.written - (this.goal / 1000) * RATE;
  }

  begin(position) {
    this.begun = (position - this.written) >>> 0;
    this.playing = false;
    this.read = this.written;
  }

  put(theirs, ours) {
    this.sides[0][this.written % HOLD] = theirs;
    this.sides[1][this.written % HOLD] = ours;
    this.written += 1;
  }

  process(_inputs, outputs) {
    const size = outputs[0][0].length;
    const ms = (size / sampleRate) * 1000;
    if (!this.playing && this.heldMs >= this.goal) this.playing = true;
    const step = (RATE / sampleRate) * (this.heldMs > this.goal * 1.5 + MORE_MS ? FASTER : 1);
    for (let index = 0; index < size; index += 1) {
      if (this.playing && this.read + 1 >= this.written) this.gap();
      const before = Math.floor(this.read), part = this.read - before;
      for (const [side, samples] of this.sides.entries()) {
        const one = samples[before % HOLD], next = samples[(before + 1) % HOLD];
        outputs[side][0][index] = this.playing ? one + (next - one) * part : 0;
      }
      if (this.playing) this.read += step;
    }
    this.settle(ms);
    return true;
  }

  // Nothing was left to play: from now on a little more is held.
  gap() {
    this.playing = false;
    this.gaps += 1;
    this.whole = 0;
    this.goal = Math.min(MOST_MS, this.goal + MORE_MS);
  }

  settle(ms) {
    this.whole += this.playing ? ms : 0;
    if (this.whole > LESS_AFTER_MS) {
      this.whole = 0;
      this.goal = Math.max(LEAST_MS, this.goal - LESS_MS);
    }
    this.sinceReport += ms;
    if (this.sinceReport < REPORT_EVERY_MS) return;
    this.sinceReport = 0;
    this.port.postMessage({ behind: Math.round(this.heldMs), gaps: this.gaps, playing: this.playing });
  }
}

registerProcessor("both-sides", BothSides);

// Samples to μ-law.
const code = (sample) => {
  const linear = Math.max(-32_635, Math.min(32_635, Math.round(sample * 32_768)));
  const size = Math.abs(linear) + 0x84;
  const exponent = Math.floor(Math.log2(size)) - 7;
  return ~((linear < 0 ? 0x80 : 0) | (exponent << 4) | ((size >> (exponent + 3)) & 0x0f)) & 0xff;
};

// The user's microphone as the telephone has it, in pieces of 20 ms.
class Talk extends AudioWorkletProcessor {
  piece = new Uint8Array(RATE / 50);
  filled = 0;
  step = sampleRate / RATE;
  at = 0; // where the next of our samples lies, in samples of the current block
  sum = 0;
  count = 0;

  process([[samples]]) {
    for (const sample of samples ?? []) {
      // Averaging what falls into one of our samples is low-pass enough for speech.
      this.sum += sample;
      this.count += 1;
      this.at += 1;
      if (this.at < this.step) continue;
      this.at -= this.step;
      this.put(code(this.sum / this.count));
      this.sum = this.count = 0;
    }
    return true;
  }

  put(sample) {
    this.piece[this.filled++] = sample;
    if (this.filled < this.piece.length) return;
    this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
    this.piece = new Uint8Array(RATE / 50);
    this.filled = 0;
  }
}

registerProcessor("talk", Talk);
