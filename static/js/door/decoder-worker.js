/* Classic worker: reads a QR code from one video frame at a time.
   First choice is WebAssembly; where that is refused, plain JavaScript takes over.

   In:  {start: {zxing, wasm, qr}} once, then {frame: {width, height, data: ArrayBuffer}}.
   Out: {ready: "wasm" | "plain"} or {failed: reason} once, then {text: string | null}. */

/** @type {((image: ImageData) => string | null | Promise<string | null>) | null} */
let decode = null;

async function startWasm({ zxing, wasm }) {
  importScripts(zxing);
  const reader = self.ZXingWASM;
  // Without locateFile the library would ask a foreign host for its binary.
  await reader.prepareZXingModule({
    overrides: {
      locateFile: (file, prefix) => (file.endsWith(".wasm") ? wasm : prefix + file),
    },
    fireImmediately: true,
  });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
  return async (image) => {
    const found = await reader.readBarcodes(image, options);
    return found.find((code) => code.isValid)?.text ?? null;
  };
}

async function startPlain({ qr }) {
  const { decodeQR } = await import(qr);
  return (image) => {
    try {
      return decodeQR(image, { timeLimit: 100 });
    } catch {
      return null; // it throws when there is no code in the frame
    }
  };
}

async function start(urls) {
  try {
    decode = await startWasm(urls);
    self.postMessage({ ready: "wasm" });
    return;
  } catch {
    // refused by the policy, or too old a browser
  }
  try {
    decode = await startPlain(urls);
    self.postMessage({ ready: "plain" });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
}

async function read({ width, height, data }) {
  let text = null;
  try {
    text = await decode(new ImageData(new Uint8ClampedArray(data), width, height));
  } catch {
    text = null; // one unreadable frame; the next one comes
  }
  self.postMessage({ text });
}

self.addEventListener("message", ({ data }) => {
  if (data.start) {
    start(data.start);
  } else if (data.frame && decode) {
    read(data.frame);
  }
});
