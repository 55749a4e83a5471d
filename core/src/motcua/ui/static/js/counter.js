// The counter works without this file; it only makes some things quicker.
"use strict";

// A menu closes on Escape and when something else is pressed.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// F2 a new reception, F4 the scan box, F6 the one field that matters, F7 the second button,
// F8 the next number, F9 the main button, Ctrl+K the search.
const go = (selector) => document.querySelector(selector)?.click();
const enter = (selector) => document.querySelector(selector)?.focus();
const keys = {
  F2: () => go('.rail a[href$="/tiep-nhan"]'),
  F4: () => enter("#scan"),
  F6: () => enter("[data-key=F6]"),
  F7: () => go("[data-key=F7]"),
  F8: () => go("[data-key=F8]"),
  F9: () => go("[data-key=F9]"),
};
document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  } else if (keys[event.code] && !event.altKey && !event.metaKey) {
    event.preventDefault();
    if (!event.repeat) keys[event.code]();
  } else if (event.ctrlKey && event.code === "KeyK") {
    event.preventDefault();
    enter(document.querySelector("#tim") ? "#tim" : "#scan");
  }
});

// Keys that are one letter or digit can be switched off, on this computer (WCAG 2.1.4).
const LETTERS = "motcua.phim";
const lettersOn = () => localStorage.getItem(LETTERS) !== "tat";
for (const button of document.querySelectorAll("[data-letters]")) {
  const told = () => { button.textContent = lettersOn() ? button.dataset.off : button.dataset.on; };
  button.addEventListener("click", () => {
    if (lettersOn()) localStorage.setItem(LETTERS, "tat");
    else localStorage.removeItem(LETTERS);
    told();
  });
  told();
  button.closest("[hidden]").hidden = false;
}

// After a form with faults the reader starts at the list of faults.
document.querySelector(".errors")?.focus();

// A field whose condition does not hold is not shown; the server leaves it out anyway.
const conditional = document.querySelectorAll("[data-watch]");
const given = (name) => {
  const fields = document.getElementsByName(name);
  for (const each of fields) {
    if (each.type !== "checkbox" && each.type !== "radio") return each.value;
    if (each.checked) return each.value;
  }
  return "";
};
const ask = () => {
  for (const field of conditional) {
    const value = given(field.dataset.watch);
    const among = field.dataset.among ? JSON.parse(field.dataset.among) : null;
    field.hidden = among ? !among.includes(value) : value === "";
  }
};
if (conditional.length) {
  document.addEventListener("input", ask);
  ask();
}

// Printing has no link of its own.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A toast stays until it is closed.
for (const link of document.querySelectorAll("[data-close]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    link.closest(".toast").remove();
  });
}

// Two minutes before a session ends for want of use its owner is told, and may stay.
const idle = document.querySelector("[data-idle]");
const warn = () => setTimeout(() => { idle.hidden = false; }, (idle.dataset.idle - 120) * 1000);
if (idle) {
  warn();
  idle.querySelector("a").addEventListener("click", async (event) => {
    event.preventDefault();
    const answer = await fetch(event.target.href, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return location.reload();
    idle.hidden = true;
    warn();
  });
}

// Calling the next number leaves what was typed into the page as it is.
document.addEventListener("submit", async (event) => {
  const strip = event.target.closest(".strip");
  if (!strip) return;
  event.preventDefault();
  const answer = await fetch(event.target.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(event.target)),
    headers: { "HX-Request": "true" },
    redirect: "error",
  }).catch(() => null);
  if (!answer?.ok) return location.assign(strip.dataset.page);
  strip.outerHTML = await answer.text();
});
