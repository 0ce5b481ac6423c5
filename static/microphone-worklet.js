// Runs beside the page: turns what the microphone gives into 16 kHz, 16 bit, in pieces of a tenth of a second.
const RATE = 16_000;

class Microphone extends AudioWorkletProcessor {
  piece = new Int16Array(RATE / 10);
  filled = 0;
  step = sampleRate / RATE; // 1 when the browser gives us the rate we asked for
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
      this.put(this.sum / this.count);
      this.sum = this.count = 0;
    }
    return true;
  }

  put(sample) {
    this.piece[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32_767;
    if (this.filled < this.piece.length) return;
    this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
    this.piece = new Int16Array(RATE / 10);
    this.filled = 0;
  }
}

registerProcessor("microphone", Microphone);
