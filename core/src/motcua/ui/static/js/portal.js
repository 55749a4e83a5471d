// The portal works without this file; it only makes some things quicker.
"use strict";

// A menu closes on Escape and when something else is pressed.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// After a form with faults the reader starts at the list of faults.
document.querySelector(".errors")?.focus();

// The language is changed by the button below the form, which keeps what was typed.
document.querySelector('.mast__l[href="#doi-tieng"]')?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("doi-tieng").click();
});

// Printing has no link of its own.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// What is typed elsewhere is copied, where the browser lets a page do so.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}

// Questions that are not asked are not shown; the server leaves them out anyway.
document.documentElement.classList.add("scripted");
const given = (name) => {
  for (const each of document.getElementsByName(name)) {
    if (!["checkbox", "radio"].includes(each.type) || each.checked) return each.value;
  }
  return "";
};
const ask = () => {
  for (const field of document.querySelectorAll("[data-watch]")) {
    const value = given(field.dataset.watch);
    const among = field.dataset.among ? JSON.parse(field.dataset.among) : null;
    field.hidden = among ? !among.includes(value) : value === "";
  }
};
document.addEventListener("change", ask);
ask();

// Files go up one by one as soon as they are chosen, with progress; a failed one alone is sent again.
const LONGEST = 1600, LARGE = 1024 * 1024;
const smaller = async (file) => {
  if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < LARGE) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? made : file;
  } catch {
    return file; // a picture this browser cannot draw goes up as it is
  }
};
const sendFile = (form, input, content, name, line) => new Promise((done) => {
  const data = new FormData();
  for (const hidden of form.querySelectorAll("input[type=hidden]")) data.append(hidden.name, hidden.value);
  for (const box of form.querySelectorAll("input[type=checkbox]:checked")) data.append(box.name, box.value);
  data.append("lam", "tai");
  data.append(input.name, content, name);
  const request = new XMLHttpRequest();
  request.upload.onprogress = (event) => { line.querySelector("progress").value = event.loaded / event.total; };
  request.onload = () => done([200, 422].includes(request.status) ? request.responseText : null);
  request.onerror = request.onabort = () => done(null);
  request.open("POST", form.action);
  request.send(data);
});
const goUp = async (form, box, input, file, line) => {
  const answer = await sendFile(form, input, await smaller(file), file.name, line);
  const fresh = answer && new DOMParser().parseFromString(answer, "text/html").getElementById(box.id);
  if (!fresh) {
    line.firstChild.textContent = `${file.name}: ${form.dataset.failed} `;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn";
    again.textContent = form.dataset.retry;
    line.querySelector("progress").replaceWith(again);
    again.onclick = () => { const next = waiting(form, box, file); line.replaceWith(next); goUp(form, box, input, file, next); };
    return;
  }
  const left = [...box.querySelectorAll(".up")].filter((each) => each !== line);
  box.replaceWith(fresh);
  fresh.querySelector("input[type=file]").closest(".field").before(...left);
  return fresh;
};
const waiting = (form, box, file) => {
  const line = document.createElement("p");
  line.className = "up small";
  line.setAttribute("role", "status");
  line.append(`${form.dataset.sending}: ${file.name} `);
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", file.name);
  line.append(bar);
  box.querySelector("input[type=file]").closest(".field").before(line);
  return line;
};
document.querySelector("form[data-upload]")?.addEventListener("change", async (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.files.length) return;
  const form = input.form;
  let box = input.closest("fieldset");
  for (const file of [...input.files]) {
    box = (await goUp(form, box, input, file, waiting(form, box, file))) || box;
  }
  const fresh = box.querySelector("input[type=file]");
  fresh.value = "";
  fresh.focus();
});
