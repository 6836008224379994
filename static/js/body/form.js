/* Forms of a body: rows of people without a round trip, and nothing typed is lost when a file is
   attached. The page works without this file; every button is a submit button. */

const form = document.getElementById("entry");
let dirty = false;

form.addEventListener("input", () => {
  dirty = true;
});
form.addEventListener("submit", () => {
  dirty = false;
});

/* Another form of the page, e.g. for files, reloads it: what was typed is saved as the draft first. */

async function keep() {
  const sent = new FormData(form);
  sent.set("act", "save");
  const answer = await fetch(location.pathname, { method: "POST", body: sent });
  return answer.ok;
}

for (const other of document.querySelectorAll("main form:not(#entry)")) {
  other.addEventListener("submit", async (event) => {
    if (!dirty) {
      return;
    }
    event.preventDefault();
    dirty = false;
    const kept = await keep().catch(() => false);
    if (kept) {
      other.requestSubmit(event.submitter);
    } else {
      form.requestSubmit(); // shows the page that says why it was not saved
    }
  });
}

/* Rows of the reply slip */

const rows = () => [...form.querySelectorAll("[data-row]")];
const most = Number(form.dataset.most ?? 0);

/** Number ids, labels and legends again after a row came or went. */
function renumber() {
  rows().forEach((row, index) => {
    const said = row.querySelector("[data-number]");
    said.textContent = said.textContent.replace(/\d+/, String(index + 1));
    for (const label of row.querySelectorAll("label")) {
      link(label, label.nextElementSibling, index);
    }
    const remove = row.querySelector("[data-remove]");
    if (remove) {
      remove.value = String(index);
    }
  });
}

/** @param {HTMLLabelElement} label @param {HTMLElement} field @param {number} index */
function link(label, field, index) {
  field.id = `${field.getAttribute("name")}-${index}`;
  label.htmlFor = field.id;
}

form.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (!add && !remove) {
    return;
  }
  const all = rows();
  if (add && all.length < most && all.length > 1) {
    event.preventDefault();
    const copy = all.at(-1).cloneNode(true);
    for (const field of copy.querySelectorAll("input, select")) {
      field.value = "";
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const wrong of copy.querySelectorAll(".wrong")) {
      wrong.remove();
    }
    all.at(-1).after(copy);
    renumber();
    copy.querySelector("input").focus();
    dirty = true;
  }
  // The first row carries the mark of the first contact: the server moves it on.
  if (remove && all.length > 2 && remove.closest("[data-row]") !== all[0]) {
    event.preventDefault();
    remove.closest("[data-row]").remove();
    renumber();
    dirty = true;
  }
});
