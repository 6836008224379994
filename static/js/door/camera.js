/* The camera: opens it, hands frames to the decoder, sleeps while the page is hidden. */

const LONGEST_SIDE = 640;
const PAUSE_MS = 60;

/** @typedef {"denied" | "missing"} CameraTrouble */

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {(text: string) => void} onText
   */
  constructor(video, onText) {
    this.video = video;
    this.onText = onText;
    this.canvas = document.createElement("canvas");
    this.stream = null;
    this.running = 0;
  }

  /**
   * Open the camera at the back and start reading.
   * @param {import("./decoder.js").Decoder} decoder
   * @returns {Promise<CameraTrouble | null>} what is in the way, if anything
   */
  async start(decoder) {
    if (!navigator.mediaDevices?.getUserMedia) {
      return "missing";
    }
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: {
          facingMode: { ideal: "environment" },
          width: { ideal: 1280 },
          height: { ideal: 720 },
        },
      });
    } catch (error) {
      return error.name === "NotAllowedError" ? "denied" : "missing";
    }
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    this.running += 1;
    this.loop(decoder, this.running);
    return null;
  }

  stop() {
    this.running += 1;
    for (const track of this.stream?.getTracks() ?? []) {
      track.stop();
    }
    this.stream = null;
    this.video.srcObject = null;
  }

  /** One frame is under way at a time, so a slow phone never builds up a queue. */
  async loop(decoder, turn) {
    while (turn === this.running) {
      const image = this.frame();
      if (image) {
        const text = await decoder.read(image);
        if (text && turn === this.running) {
          this.onText(text);
        }
      }
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }

  /** @returns {ImageData | null} */
  frame() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || this.video.readyState < 2) {
      return null;
    }
    const scale = Math.min(1, LONGEST_SIDE / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  get track() {
    return this.stream?.getVideoTracks()[0] ?? null;
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  /** @param {boolean} on @returns {Promise<boolean>} whether the light is on now */
  async torch(on) {
    try {
      await this.track.applyConstraints({ advanced: [{ torch: on }] });
      return on;
    } catch {
      return false;
    }
  }
}
