/* Shows verdicts, counters and the last scans; knows no network. */

const BACK_MS = 1500;
const SHOWN = 5;
const ZONE = "Asia/Shanghai";

/** @param {string | null | undefined} instant @returns {string} time of day in Beijing, or nothing */
export function timeOfDay(instant) {
  const at = instant ? new Date(instant) : null;
  if (!at || Number.isNaN(at.getTime())) {
    return "";
  }
  return new Intl.DateTimeFormat("zh-CN", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: ZONE,
  }).format(at);
}

export class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.data = root.dataset;
    /** @type {Record<string, HTMLElement>} */
    this.part = {};
    for (const element of document.querySelectorAll("[data-part]")) {
      this.part[element.dataset.part] = element;
    }
    this.timer = 0;
    this.shownAt = 0;
  }

  /** @param {string} name @returns {string} */
  text(name) {
    const key = `text-${name.replaceAll("_", "-")}`;
    return this.data[key.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())] ?? "";
  }

  /** @param {string} name of the sentence @param {"on" | "off"} state */
  camera(name, state) {
    this.part.finder.dataset.state = state;
    this.part.say.textContent = this.text(name);
  }

  /**
   * Fill the screen with one result.
   * @param {string} tone
   * @param {{ word?: string, name?: string, unit?: string, extra?: string, sentence?: string,
   *           since?: string, undo?: string, retry?: boolean, stay?: boolean }} what
   */
  verdict(tone, what = {}) {
    clearTimeout(this.timer);
    const { part } = this;
    const word = what.word ?? this.text(tone);
    part.verdict.dataset.tone = tone;
    part.word.textContent = word;
    for (const name of ["name", "unit", "extra", "since"]) {
      part[name].textContent = what[name] ?? "";
      part[name].hidden = !what[name];
    }
    const sentence = what.sentence === word ? "" : (what.sentence ?? "");
    part.sentence.textContent = sentence;
    part.sentence.hidden = !sentence;
    part.undo.hidden = !what.undo;
    part.retry.hidden = !what.retry;
    part.next.hidden = tone === "busy";
    part.verdict.hidden = false;
    this.shownAt = performance.now();
    if (tone === "admitted" && !what.stay) {
      this.timer = setTimeout(() => this.back(), BACK_MS);
    }
  }

  /** Return to scanning. */
  back() {
    clearTimeout(this.timer);
    this.part.verdict.hidden = true;
  }

  get showing() {
    return this.part.verdict.hidden ? null : this.part.verdict.dataset.tone;
  }

  /** @param {{ present: number, expected: number } | undefined | null} counts */
  counts(counts) {
    if (counts) {
      this.part.present.textContent = String(counts.present);
      this.part.expected.textContent = String(counts.expected);
    }
  }

  /**
   * Put one scan on top of the list of the last five.
   * @param {string} tone @param {string} name @param {(() => void) | null} undo
   */
  remember(tone, name, undo) {
    const { list, recent } = this.part;
    for (const button of list.querySelectorAll("button")) {
      button.remove(); // only the last sign-in can be undone from here
    }
    const row = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = timeOfDay(new Date().toISOString());
    const what = document.createElement("span");
    what.textContent = name ? `${name} · ${this.text(tone)}` : this.text(tone);
    row.append(time, what);
    if (undo) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-plain";
      button.textContent = this.text("undo");
      button.addEventListener("click", undo);
      row.append(button);
    }
    list.prepend(row);
    while (list.children.length > SHOWN) {
      list.lastChild.remove();
    }
    recent.hidden = false;
  }
}
