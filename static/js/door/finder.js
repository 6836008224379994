/* The picture above the counters: camera, decoder, light, and what it says when it cannot see. */

import { Camera } from "./camera.js";
import { startDecoder } from "./decoder.js";
import { stayAwake } from "./signal.js";

export class Finder {
  /**
   * @param {HTMLElement} root
   * @param {import("./view.js").View} view
   * @param {(text: string) => void} onText
   */
  constructor(root, view, onText) {
    this.root = root;
    this.view = view;
    this.camera = new Camera(view.part.video, onText);
    /** @type {import("./decoder.js").Decoder | null} */
    this.decoder = null;
    this.wanted = false;
    view.part.torch.addEventListener("click", () => this.toggleTorch());
    document.addEventListener("visibilitychange", () => this.onVisibility());
  }

  /** Load the decoder; the page says which one it got, for support and for tests. */
  async prepare() {
    const { workerUrl, zxingUrl, wasmUrl, qrUrl } = this.root.dataset;
    const urls = { worker: workerUrl, zxing: zxingUrl, wasm: wasmUrl, qr: qrUrl };
    this.decoder = await startDecoder(urls);
    this.root.dataset.decoder = this.decoder?.kind ?? "none";
  }

  async open() {
    this.wanted = true;
    if (!this.decoder) {
      this.view.camera("no-decoder", "off");
      return;
    }
    const trouble = await this.camera.start(this.decoder);
    if (trouble) {
      this.view.camera(trouble, "off");
      return;
    }
    this.view.camera("aim", "on");
    this.view.part.torch.hidden = !this.camera.hasTorch;
    stayAwake();
  }

  /** @param {string} [reason] name of the sentence to show instead of the picture */
  close(reason) {
    this.wanted = false;
    this.sleep();
    if (reason) {
      this.view.camera(reason, "off");
    }
  }

  sleep() {
    this.camera.stop();
    this.view.part.torch.setAttribute("aria-pressed", "false");
  }

  onVisibility() {
    if (document.hidden) {
      this.sleep();
    } else if (this.wanted && !this.camera.stream) {
      this.open();
    }
  }

  async toggleTorch() {
    const { torch } = this.view.part;
    const on = await this.camera.torch(torch.getAttribute("aria-pressed") !== "true");
    torch.setAttribute("aria-pressed", String(on));
  }
}
