// The desk's voice: short patterns made here, looped by the audio hardware so that no timer of a sleeping tab can stop them.
import { signal } from "@preact/signals-core";

export type Tone = "gravest" | "grave" | "mild" | "system";

interface Beep {
  at_s: number;
  length_s: number;
  hz: number;
  loudness: number;
}

/** loop_s: the pattern's length with its pause; graver is faster and higher. */
export const PATTERNS: Readonly<Record<Tone, { loop_s: number; beeps: readonly Beep[] }>> = {
  gravest: {
    loop_s: 1.4,
    beeps: [0, 0.18, 0.36, 0.54].map((at_s, i) => ({ at_s, length_s: 0.16, hz: i % 2 === 0 ? 988 : 740, loudness: 0.5 })),
  },
  grave: { loop_s: 3.2, beeps: [0, 0.26, 0.52].map((at_s) => ({ at_s, length_s: 0.18, hz: 740, loudness: 0.4 })) },
  mild: { loop_s: 7, beeps: [{ at_s: 0, length_s: 0.5, hz: 523, loudness: 0.3 }] },
  system: { loop_s: 5, beeps: [0, 0.4].map((at_s, i) => ({ at_s, length_s: 0.34, hz: i === 0 ? 330 : 262, loudness: 0.4 })) },
};

const ANSWER_MS = 1500; // a browser that was clicked lets a page be heard at once

const EDGE_S = 0.012; // rise and fall, so that nothing clicks in a headset

/** One turn of a pattern as samples between -1 and 1; a second partial lets it through a noisy room. */
export function samples(tone: Tone, rate: number): Float32Array<ArrayBuffer> {
  const { loop_s, beeps } = PATTERNS[tone];
  const out = new Float32Array(Math.round(loop_s * rate));
  for (const { at_s, length_s, hz, loudness } of beeps) {
    const count = Math.round(length_s * rate);
    for (let i = 0; i < count; i++) {
      const t = i / rate;
      const edge = Math.min(1, t / EDGE_S, (length_s - t) / EDGE_S);
      const wave = 0.75 * Math.sin(2 * Math.PI * hz * t) + 0.25 * Math.sin(4 * Math.PI * hz * t);
      out[Math.round(at_s * rate) + i] = loudness * Math.max(0, edge) * wave;
    }
  }
  return out;
}

export class Siren {
  /** blocked: the browser waits for a click or a key before it lets a page be heard. mute: it was clicked, and still makes no sound. */
  readonly state = signal<"blocked" | "mute" | "running">("blocked");
  private context: AudioContext | null = null;
  private playing: { tone: Tone; node: AudioBufferSourceNode } | null = null;
  private wanted: Tone | null = null;

  /** after: waits, on whichever clock. */
  constructor(
    private readonly make: () => AudioContext,
    private readonly after: (ms: number, call: () => void) => void = (ms, call) => void setTimeout(call, ms),
  ) {}

  /** Tries to be heard. Call once at the start and at each click and key (asked: somebody did) until it is running. */
  unlock(asked = false): void {
    try {
      this.context ??= this.listen(this.make());
      if (this.context.state === "suspended") void this.context.resume().catch(() => undefined); // still blocked: the page says so
      if (asked && this.state.value === "blocked") this.after(ANSWER_MS, () => this.state.value === "blocked" && (this.state.value = "mute"));
    } catch {
      this.state.value = "mute"; // no audio device at all: the strip says so
    }
  }

  /** The tone from now on, null for quiet. */
  play(tone: Tone | null): void {
    this.wanted = tone;
    if (this.playing && this.playing.tone !== tone) {
      this.playing.node.stop();
      this.playing = null;
    }
    const context = this.context;
    if (tone === null || this.playing || !context || this.state.value !== "running") return;
    const pattern = samples(tone, context.sampleRate);
    const buffer = context.createBuffer(1, pattern.length, context.sampleRate);
    buffer.copyToChannel(pattern, 0);
    const node = context.createBufferSource();
    node.buffer = buffer;
    node.loop = true;
    node.connect(context.destination);
    node.start();
    this.playing = { tone, node };
  }

  private listen(context: AudioContext): AudioContext {
    const note = () => {
      if (context.state === "running") this.state.value = "running";
      else if (this.state.value === "running") this.state.value = "blocked";
      if (this.state.value === "running") this.play(this.wanted);
    };
    context.addEventListener("statechange", note);
    queueMicrotask(note);
    return context;
  }
}
