/* Sound, vibration and a screen that stays on: each is an extra, none is required. */

/** Tones as [frequency in Hz, start in s, length in s]; each verdict sounds different. */
const TONES = {
  admitted: [
    [880, 0, 0.09],
    [1320, 0.1, 0.14],
  ],
  left: [
    [1320, 0, 0.09],
    [880, 0.1, 0.14],
  ],
  already_in: [
    [520, 0, 0.12],
    [520, 0.2, 0.12],
  ],
  review: [[520, 0, 0.3]],
  offline: [[400, 0, 0.3]],
  refused: [
    [220, 0, 0.25],
    [180, 0.28, 0.35],
  ],
};

const SHAKES = {
  admitted: [60],
  left: [60],
  already_in: [80, 80, 80],
  review: [200],
  offline: [200],
  refused: [250, 100, 250],
};

/** @type {AudioContext | null} */
let audio = null;
let lock = null;

/** A browser lets a page sound only after a touch or a key; call this from one. */
export function wakeSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (Context) {
    audio ??= new Context();
    audio.resume().catch(() => {});
  }
}

/** @param {string} tone */
export function signal(tone) {
  navigator.vibrate?.(SHAKES[tone] ?? []);
  if (audio?.state !== "running") {
    return;
  }
  for (const [pitch, start, length] of TONES[tone] ?? []) {
    const from = audio.currentTime + start;
    const voice = audio.createOscillator();
    const loudness = audio.createGain();
    voice.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.25, from);
    loudness.gain.exponentialRampToValueAtTime(0.001, from + length);
    voice.connect(loudness).connect(audio.destination);
    voice.start(from);
    voice.stop(from + length);
  }
}

export async function stayAwake() {
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = null; // a low battery may refuse it
  }
  return lock;
}
