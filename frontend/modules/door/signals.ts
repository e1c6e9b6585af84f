// What is heard and felt: high for a yes, two of the same for a doubt, low and long for a no.
export type Tone = "idle" | "admitted" | "used" | "refused" | "unsure";

interface Signal {
  notes: [pitch: number, begins: number, lasts: number][];
  shape: OscillatorType;
  buzz: number[];
}

const TONES: Record<Exclude<Tone, "idle">, Signal> = {
  admitted: {
    notes: [
      [880, 0, 0.09],
      [1320, 0.09, 0.16],
    ],
    shape: "sine",
    buzz: [70],
  },
  used: {
    notes: [
      [440, 0, 0.12],
      [440, 0.2, 0.12],
    ],
    shape: "triangle",
    buzz: [70, 70, 70],
  },
  refused: { notes: [[165, 0, 0.45]], shape: "square", buzz: [350] },
  unsure: {
    notes: [
      [520, 0, 0.1],
      [390, 0.13, 0.18],
    ],
    shape: "triangle",
    buzz: [40, 60, 140],
  },
};
const VOLUME = 0.4;
let context: AudioContext | undefined;

// Browsers let a page be heard only after somebody has touched it.
export function wakeUp(): void {
  if (!globalThis.AudioContext) return;
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

export function signal(tone: Tone): void {
  const { notes, shape, buzz } = TONES[tone === "idle" ? "refused" : tone];
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(buzz);
  if (context?.state !== "running") return;
  for (const [pitch, begins, lasts] of notes) {
    const voice = context.createOscillator();
    const volume = context.createGain();
    const at = context.currentTime + begins;
    voice.type = shape;
    voice.frequency.value = pitch;
    volume.gain.setValueAtTime(shape === "square" ? VOLUME / 2 : VOLUME, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + lasts);
    voice.connect(volume).connect(context.destination);
    voice.start(at);
    voice.stop(at + lasts);
  }
}
