/* The form of a stage: live results, Enter to the next cell, pasted rows of values.
   The page works without this file; the rules live on the server only. */

const REST_MS = 600;

const form = document.getElementById("entry");
const cells = [...form.querySelectorAll("[data-cell]")];
const groups = [...form.querySelectorAll("[data-group]")];
const stale = form.querySelector("[data-stale]");
let timer = 0;
let asked = 0;
let dirty = false;

/** @param {HTMLInputElement} from @param {number} steps */
function cellAfter(from, steps) {
  const shown = cells.filter((cell) => cell === from || cell.getClientRects().length > 0);
  return shown[shown.indexOf(from) + steps];
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-cell]")) {
    return;
  }
  event.preventDefault(); // Enter would save the draft
  const next = cellAfter(event.target, event.shiftKey ? -1 : 1);
  next?.focus();
  next?.select();
}

/** Lines and tabs as a sheet copies them: an empty cell is one, and clears the field it meets.
    @param {string} text */
function table(text) {
  return text
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => line.split("\t").map((value) => value.trim()));
}

/** The fields of a group from the place of `from` on: its first readings or its repeat. */
function rowOf(group, from) {
  const kind = from.closest(".again") ? ".again .cells" : ".cells";
  const fields = (row) => [...(row?.querySelectorAll("[data-cell]") ?? [])];
  return fields(group.querySelector(kind)).slice(fields(from.closest(".cells")).indexOf(from));
}

/** Line k belongs to the k-th group of the same parameter; a longer column runs along one group.
    @param {HTMLInputElement} from @param {string[][]} lines
    @returns {[HTMLInputElement, string][] | undefined} nothing where a value finds no field */
function placed(from, lines) {
  const first = from.closest("[data-group]");
  const own = [...from.closest(".panel").querySelectorAll("[data-group]")];
  const rows = own.slice(own.indexOf(first)).map((group) => rowOf(group, from));
  const column = lines.length > rows.length && lines.every((line) => line.length === 1);
  const values = column ? [lines.flat()] : lines;
  const fits = values.every((line, k) => line.every((text, x) => text === "" || rows[k]?.[x]));
  if (!fits) {
    return undefined;
  }
  const pairs = values.flatMap((line, k) => line.map((text, x) => [rows[k]?.[x], text]));
  return pairs.filter(([field]) => field);
}

/** @param {ClipboardEvent} event */
function onPaste(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = table(text);
  document.querySelector(".no-room")?.remove();
  if (!event.target.matches("[data-cell]") || (lines.length === 1 && lines[0].length === 1)) {
    return;
  }
  event.preventDefault();
  const pairs = placed(event.target, lines);
  if (!pairs) {
    const said = document.getElementById("no-room").content.cloneNode(true);
    event.target.closest(".cells").after(said);
    return;
  }
  for (const [field, value] of pairs) {
    field.value = value;
  }
  pairs.at(-1)[0].focus();
  later();
}

function later() {
  dirty = true;
  stale?.removeAttribute("hidden");
  clearTimeout(timer);
  timer = setTimeout(ask, REST_MS);
}

async function ask() {
  asked += 1;
  const turn = asked;
  try {
    const response = await fetch(form.dataset.liveUrl, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    if (response.ok && turn === asked) {
      show(await response.json());
    }
  } catch {
    // Without a network the lines stay as they are; saving says what is wrong.
  }
}

/** @typedef {{ tone: string, word: string, text: string }} Remark */

/** @param {Record<string, { line: string, remarks: Remark[], wrong: string[], say: boolean,
    again: boolean }>} told */
function show(told) {
  for (const group of groups) {
    const about = told[group.dataset.group];
    const line = group.querySelector("[data-line]");
    if (line.textContent !== about.line) {
      line.textContent = about.line;
    }
    group.querySelector("[data-remarks]").replaceChildren(...about.remarks.map(remark));
    for (const field of group.querySelectorAll("input, select")) {
      mark(field, about.wrong.includes(field.name), group);
    }
    // What is asked for is opened; what somebody opened is never closed.
    open(group.querySelector(".say"), about.say);
    open(group.querySelector(".again"), about.again);
  }
}

function mark(field, wrong, group) {
  field.classList.toggle("is-invalid", wrong);
  if (wrong) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", group.querySelector("[data-remarks]").id);
  } else {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

function open(details, asked) {
  if (details && asked) {
    details.open = true;
  }
}

function remark({ tone, word, text }) {
  const item = document.createElement("li");
  item.className = `tone-${tone}`;
  item.append(document.getElementById(`sign-${tone}`).content.cloneNode(true));
  const said = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = word;
  said.append(strong, ` ${text}`);
  item.append(said);
  return item;
}

/** Leaving with something unsaved asks first. */
function onLeave(event) {
  if (dirty) {
    event.preventDefault();
  }
}

form.addEventListener("keydown", onKey);
form.addEventListener("paste", onPaste);
form.addEventListener("input", later);
form.addEventListener("submit", () => {
  dirty = false;
});
window.addEventListener("beforeunload", onLeave);
