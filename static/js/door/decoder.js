/* Chooses a decoder: the worker, else the same plain decoder in the page itself. */

const PATIENCE_MS = 15000;

/**
 * @typedef {{ kind: string, read: (image: ImageData) => Promise<string | null> }} Decoder
 * @typedef {{ worker: string, zxing: string, wasm: string, qr: string }} DecoderUrls
 */

/**
 * Start a decoder, or answer null when none can run here.
 * @param {DecoderUrls} urls
 * @returns {Promise<Decoder | null>}
 */
export async function startDecoder(urls) {
  try {
    return await inWorker(urls);
  } catch {
    // no worker here: the page reads the frames itself
  }
  try {
    return await inPage(urls.qr);
  } catch {
    return null;
  }
}

/** @param {DecoderUrls} urls @returns {Promise<Decoder>} */
function inWorker(urls) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(urls.worker);
    let waiting = null;
    const fail = (reason) => {
      clearTimeout(timer);
      worker.terminate();
      waiting?.(null);
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail("no answer"), PATIENCE_MS);
    const read = (image) =>
      new Promise((done) => {
        waiting = done;
        const { width, height, data } = image;
        worker.postMessage({ frame: { width, height, data: data.buffer } }, [data.buffer]);
      });
    worker.addEventListener("error", (event) => fail(event.message || "worker error"));
    worker.addEventListener("message", ({ data }) => {
      if (data.ready) {
        clearTimeout(timer);
        resolve({ kind: data.ready, read });
      } else if (data.failed) {
        fail(data.failed);
      } else {
        waiting?.(data.text);
      }
    });
    const { zxing, wasm, qr } = urls;
    worker.postMessage({ start: { zxing, wasm, qr } });
  });
}

/** @param {string} url @returns {Promise<Decoder>} */
async function inPage(url) {
  const { decodeQR } = await import(url);
  return {
    kind: "page",
    read: async (image) => {
      try {
        return decodeQR(image, { timeLimit: 50 });
      } catch {
        return null;
      }
    },
  };
}
