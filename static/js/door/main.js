/* The door page: camera, scan gun and keyboard in; one verdict at a time out. */

import { Api, NoAnswer, newNonce, Refused, TooFast, Unpaired } from "./api.js";
import { ticketCode } from "./code.js";
import { Finder } from "./finder.js";
import { signal, wakeSound } from "./signal.js";
import { timeOfDay, View } from "./view.js";

const SAME_CODE_MS = 3000;
const READABLE_MS = 1000;

const root = document.getElementById("door");
const data = root.dataset;
const view = new View(root);
const { part } = view;
const api = new Api(data);
const finder = new Finder(root, view, onText);
const seen = { text: "", at: 0 };
let busy = false;
/** The scan that has no answer yet, and the last sign-in that can be undone. */
let pending = null;
let undoable = null;

/** @param {string} text read by the camera */
function onText(text) {
  const now = performance.now();
  const same = text === seen.text && now - seen.at < SAME_CODE_MS;
  if (same) {
    seen.at = now; // while it stays in view it is the same showing of the same ticket
    return;
  }
  const early = view.showing && now - view.shownAt < READABLE_MS;
  if (busy || pending || early) {
    return;
  }
  Object.assign(seen, { text, at: now });
  const code = ticketCode(text);
  if (code) {
    scan(code, "qr");
  } else {
    show("refused", { sentence: view.text("foreign") });
  }
}

function scan(code, source) {
  const clock = { wall: new Date().toISOString(), mono: Math.round(performance.now()) };
  return send({ nonce: newNonce(), code, source, clock });
}

function show(tone, what) {
  view.verdict(tone, what);
  signal(tone);
}

async function send(scanned) {
  busy = true;
  const slow = setTimeout(() => view.verdict("busy"), 400);
  try {
    const answer = await api.send(scanned);
    pending = null;
    clearTimeout(slow);
    onAnswer(answer);
  } catch (error) {
    clearTimeout(slow);
    onTrouble(error, scanned);
  } finally {
    busy = false;
  }
}

function onAnswer(answer) {
  const { verdict, message, attendee, since, counts, gate } = answer;
  const name = attendee?.name ?? "";
  view.counts(counts);
  undoable = verdict === "admitted" && answer.scan ? { scan: answer.scan, name } : null;
  const sentence = message?.[data.locale] ?? "";
  const at = timeOfDay(since);
  const told = verdict === "admitted" || !at || sentence.includes(at);
  const extra = [attendee?.bus, attendee?.group, attendee?.seat, attendee?.helmet];
  show(verdict, {
    name,
    unit: attendee?.unit,
    extra: extra.filter(Boolean).join(" · "),
    sentence,
    since: told ? "" : [at, gate].filter(Boolean).join(" · "),
    undo: undoable?.scan,
  });
  view.remember(verdict, name, undoable ? undo : null);
}

function onTrouble(error, scanned) {
  if (error instanceof Unpaired) {
    pending = null;
    unpaired();
    return;
  }
  if (!(error instanceof NoAnswer)) {
    reportError(error);
  }
  pending = scanned;
  const say = error instanceof TooFast ? "slow" : "offline-say";
  show("offline", { sentence: view.text(say), retry: true });
  part.next.hidden = true;
}

function unpaired() {
  finder.close("unpaired-say");
  show("refused", { word: view.text("unpaired"), sentence: view.text("unpaired-say") });
  part.next.hidden = true; // there is nothing to go on with
}

async function undo() {
  const last = undoable;
  if (!last || busy) {
    return;
  }
  busy = true;
  try {
    const body = await api.undo(last.scan);
    view.counts(body?.counts);
    undone(last);
  } catch (error) {
    onUndoTrouble(error, last);
  } finally {
    busy = false;
  }
}

function undone(last, sentence = "") {
  undoable = null;
  show("left", { word: view.text("undone"), name: last.name, sentence });
  view.remember("undone", last.name, null);
  seen.text = ""; // the same ticket may be shown again at once
}

function onUndoTrouble(error, last) {
  const { name, scan } = last;
  if (error instanceof Unpaired) {
    unpaired();
  } else if (!(error instanceof Refused)) {
    show("review", { word: view.text("undo-failed"), name, undo: scan });
  } else if (error.code === "already_undone") {
    undone(last, error.message); // the first try arrived, its answer did not; or the office did it
  } else {
    undoable = null; // asked again the server says the same
    show("review", { word: view.text("undo-refused"), name, sentence: error.message });
  }
}

/** Typed or from a scan gun: a whole code goes straight to the door, the rest is a search. */
function onTyped(event) {
  const code = ticketCode(part.field.value);
  if (!code) {
    return; // the form's own address is the search page
  }
  event.preventDefault();
  part.field.value = "";
  if (!busy && !pending) {
    scan(code, "typed");
  }
}

/** Keys of a scan gun reach the field even when a button has the focus. */
function onKey(event) {
  if (event.key === "Escape" && view.showing && !busy && !pending) {
    view.back();
  }
  const plain = event.key.length === 1 && event.key !== " ";
  if (plain && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (!pending) {
      part.field.focus();
    }
  }
}

function listen() {
  part.type.addEventListener("submit", onTyped);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", wakeSound);
  document.addEventListener("keydown", wakeSound, { once: true });
  part.verdict.addEventListener("click", (event) => {
    if (!busy && !pending && !event.target.closest("[data-part=undo], [data-part=retry]")) {
      view.back();
    }
  });
  part.undo.addEventListener("click", undo);
  part.retry.addEventListener("click", () => pending && !busy && send(pending));
  if (window.matchMedia("(pointer: fine)").matches) {
    part.field.focus();
  }
}

async function begin() {
  view.camera("start", "off");
  listen();
  const right = api.begin().then(
    () => true,
    // Without a network the page still opens; the first scan asks for the right again.
    (error) => !(error instanceof Unpaired),
  );
  await finder.prepare();
  if (await right) {
    await finder.open();
  } else {
    unpaired();
  }
}

begin();
