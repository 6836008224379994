// Sends the chosen files one after the other and says how each gets on. Without this script the
// same form sends all of them at once.

/** Send one file with the other fields of the form; resolves to what the server says of it. */
function send(form, file, onProgress) {
  const data = new FormData(form);
  data.delete("files");
  data.append("files", file);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("loadend", () => resolve(request.response));
    request.send(data);
  });
}

/** Add a line for one file; returns what to say in it. */
function line(list, file) {
  const row = document.createElement("p");
  const said = document.createElement("span");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  row.append(file.name, said);
  list.append(row);
  return {
    progress(part) {
      if (!bar.isConnected) row.append(bar);
      said.textContent = list.dataset.sending;
      bar.value = part;
    },
    end(text, bad) {
      said.textContent = text;
      bar.remove();
      if (bad) said.className = "wrong";
    },
  };
}

/** Say what became of a file; returns whether it was refused. */
function tell(row, answer, words) {
  if (!answer?.refused) {
    row.end(words.failed, true);
    return true;
  }
  const [refused] = answer.refused;
  row.end(refused ? refused[1] : answer.stored ? words.done : words.there, Boolean(refused));
  return Boolean(refused);
}

async function upload(form, list) {
  const field = form.elements.files;
  const button = form.querySelector("button[type=submit]");
  const files = [...field.files];
  const rows = files.map((file) => line(list, file));
  button.disabled = true;
  list.hidden = false;
  let refused = false;
  for (const [number, file] of files.entries()) {
    const answer = await send(form, file, rows[number].progress);
    refused = tell(rows[number], answer, list.dataset) || refused;
  }
  const next = form.elements.next.value;
  if (!refused) {
    location.assign(next);
    return;
  }
  const link = document.createElement("a");
  link.className = "btn btn-plain";
  link.href = next;
  link.textContent = list.dataset.reload;
  list.append(link);
  field.value = "";
  button.disabled = false;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const list = form.querySelector(".progress-list");
    list.replaceChildren();
    upload(form, list);
  });
}
