// A sheet is typed like a table: Enter to the next field, arrows to the line above and below.
"use strict";

const sheet = document.querySelector("form[data-sheet]");
const lines = () => [...sheet.querySelectorAll("tbody tr")].filter((row) => row.querySelector(".input"));
const fields = (row) => [...row.querySelectorAll(".input")];

const beside = (field, step) => {
  const rows = lines();
  const at = rows.indexOf(field.closest("tr"));
  const column = fields(rows[at]).indexOf(field);
  return rows[at + step] && fields(rows[at + step])[column];
};
const following = (field) => {
  const all = lines().flatMap(fields);
  return all[all.indexOf(field) + 1] ?? sheet.querySelector("[data-key=F9]");
};

sheet.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.isComposing || event.altKey || event.ctrlKey || !field.closest(".sheet .input")) return;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const next = event.key === "Enter" ? following(field) : step && field.tagName !== "SELECT" && beside(field, step);
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.select?.();
});

// The first line that is open waits to be typed, unless something has to be read first.
if (!document.querySelector(".errors")) lines()[0]?.querySelector(".input").focus();

// Leaving with lines that are not saved is asked about once.
let typed = "unsaved" in sheet.dataset;
sheet.addEventListener("input", () => { typed = true; });
sheet.addEventListener("submit", () => { typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
