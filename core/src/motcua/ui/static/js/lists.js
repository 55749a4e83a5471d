// Lists of dossiers: letters while the focus is in the list, a range with shift, what is chosen.
// Without this file every box and every button works just the same.
"use strict";

for (const list of document.querySelectorAll("[data-list]")) {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const bar = list.querySelector("[data-batch]");
  const rows = [...list.querySelectorAll("[data-row], tbody tr:not(.grp)")];
  const rowOf = (element) => element.closest("[data-row], tbody tr");
  const boxOf = (row) => row?.querySelector("input[type=checkbox]");
  let last = null;

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) rowOf(box).classList.toggle("on", box.checked);
    if (!bar) return;
    const words = bar.querySelector("[data-chosen]");
    words.dataset.none ??= words.textContent;
    words.textContent = chosen ? words.dataset.chosen.replace("{count}", chosen) : words.dataset.none;
    bar.querySelector("[data-clear]").hidden = !chosen;
  };
  const clear = () => {
    for (const box of boxes) box.checked = false;
    tell();
  };
  const choose = (box, checked, range) => {
    const [from, to] = [boxes.indexOf(last ?? box), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of range && last ? boxes.slice(from, to + 1) : [box]) each.checked = checked;
    last = box;
    tell();
  };
  const move = (element, by) => {
    const at = rows.indexOf(rowOf(element));
    const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    row?.querySelector("a")?.focus();
  };

  for (const box of boxes) {
    box.addEventListener("click", (event) => choose(box, box.checked, event.shiftKey));
  }
  bar?.querySelector("[data-clear]").addEventListener("click", clear);

  list.addEventListener("keydown", (event) => {
    const { target, code } = event;
    const typing = target.matches("select, textarea, input:not([type=checkbox])");
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || typing) return;
    if (!lettersOn() && code !== "Escape") return;
    const button = list.querySelector(`[data-letter="${code.replace("Key", "")}"]`);
    const box = boxOf(rowOf(target));
    if (code === "KeyJ") move(target, 1);
    else if (code === "KeyK") move(target, -1);
    else if (code === "KeyX" && box) choose(box, !box.checked, event.shiftKey);
    else if (code === "Escape") clear();
    else if (button) {
      if (box && !boxes.some((each) => each.checked)) choose(box, true, false);
      button.click();
    } else return;
    event.preventDefault();
  });
  tell();
  start(list);
}

// A page that opens with nothing in focus begins at its list, so that the letters work at once.
function start(list) {
  const taken = document.activeElement !== document.body || document.querySelector("[autofocus]");
  if (taken || location.hash) return;
  const first = list.querySelector("[aria-current]") ?? list.querySelector("[data-row] a, tbody a");
  first?.focus({ preventScroll: true });
}

// One letter for what is done with the dossier shown, while the focus is in the list or in it.
document.addEventListener("keydown", (event) => {
  if (!lettersOn() || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("select, textarea, input:not([type=checkbox])")) return;
  if (!event.target.closest("[data-list], [data-keys]")) return;
  const wanted = document.querySelector(`[data-page-key="${event.code.replace("Key", "")}"]`);
  if (wanted) {
    event.preventDefault();
    wanted.click();
  }
});

// What was just handed over is printed at once.
if (document.querySelector("[data-print-now]")) window.print();
