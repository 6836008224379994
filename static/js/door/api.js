/* Talks to the server: the bearer, one scan with retries, the undo. */

import { forget, keep, kept } from "./store.js";

const TIMEOUT_MS = 8000;
const TRIES = 3;
const REST_MS = 700;
const BEARER = "bearer";

/** The server knows this phone no longer. */
export class Unpaired extends Error {}
/** No usable answer came; the same scan may be sent again. */
export class NoAnswer extends Error {}
/** The server answers but asks to go slower. */
export class TooFast extends NoAnswer {}
/** The server says no, and in its message why. */
export class Refused extends Error {
  /** @param {{ code: string, message: string | Record<string, string> }} body */
  constructor({ code, message }, locale) {
    super(message?.[locale] ?? message);
    this.code = code;
  }
}

/** @returns {string} */
export function newNonce() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const rest = (ms) => new Promise((done) => setTimeout(done, ms));

async function request(url, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      ...options,
      signal: abort.signal,
    });
    const type = response.headers.get("Content-Type") ?? "";
    const body = type.includes("json") ? await response.json() : null;
    return { status: response.status, ok: response.ok, body };
  } catch (error) {
    throw new NoAnswer(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export class Api {
  /** @param {{ bearerUrl: string, apiUrl: string, undoUrl: string, csrf: string }} data */
  constructor(data) {
    this.data = data;
    /** @type {{ token: string, checkpoint: string } | null} */
    this.right = null;
  }

  /** Take the right kept here, or ask for one. */
  async begin() {
    // The page may have been paired anew since; the cookie decides, so ask first.
    try {
      await this.renew();
    } catch (error) {
      this.right = await kept(BEARER);
      if (error instanceof Unpaired || !this.right) {
        throw error;
      }
    }
  }

  async renew() {
    const headers = { "X-CSRFToken": this.data.csrf, Accept: "application/json" };
    const { ok, status, body } = await request(this.data.bearerUrl, { headers });
    if (ok && body?.token) {
      this.right = body;
      await keep(BEARER, body);
      return;
    }
    if (status >= 500 || status === 429) {
      throw new NoAnswer(`status ${status}`);
    }
    this.right = null;
    await forget(BEARER);
    throw new Unpaired(`status ${status}`);
  }

  /**
   * Send one scan; every retry carries the same nonce, so it counts once.
   * @param {{ nonce: string, code: string, source: "qr" | "typed", clock: object }} scan
   */
  async send(scan) {
    let renewed = false;
    let trouble = new NoAnswer("not tried");
    for (let turn = 0; turn < TRIES; turn += 1) {
      if (turn > 0) {
        await rest(REST_MS * turn);
      }
      try {
        let answer = await this.post(scan);
        if (answer.status === 401 && !renewed) {
          renewed = true;
          await this.renew();
          answer = await this.post(scan);
        }
        return this.judge(answer);
      } catch (error) {
        if (!(error instanceof NoAnswer)) {
          throw error;
        }
        trouble = error;
      }
    }
    throw trouble;
  }

  async post(scan) {
    if (!this.right) {
      await this.renew();
    }
    const { token, checkpoint } = this.right;
    return request(this.data.apiUrl, {
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ checkpoint, direction: "in", online: true, ...scan }),
    });
  }

  judge({ ok, status, body }) {
    if (ok && body?.verdict) {
      return body;
    }
    if (status === 401) {
      throw new Unpaired("still 401");
    }
    if (status === 429) {
      throw new TooFast("429");
    }
    if (body && status >= 400 && status < 500) {
      return { verdict: "refused", reason: body.code, message: body.message, attendee: null };
    }
    throw new NoAnswer(`status ${status}`);
  }

  /** @param {string} scan public id of the scan to annul */
  async undo(scan) {
    const { ok, status, body } = await request(this.data.undoUrl, {
      headers: { "X-CSRFToken": this.data.csrf, Accept: "application/json" },
      body: new URLSearchParams({ csrf_token: this.data.csrf, scan }),
    });
    if (ok) {
      return body;
    }
    if (status === 401) {
      throw new Unpaired("undo 401");
    }
    if (body?.message && status < 500) {
      throw new Refused(body, this.data.locale);
    }
    throw new NoAnswer(`status ${status}`);
  }
}
