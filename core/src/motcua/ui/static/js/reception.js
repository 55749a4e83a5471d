// The basket: scanning, sums while typing, change. The form works without this file.
"use strict";

const visit = document.querySelector("form[data-visit]");
const tendered = document.querySelector("#tien_dua");
const CARD = /(?:^|\D)(\d{12})(?!\d)/;

// A paper like the last one, as often as it was pressed while the page waits.
let again = 0;
visit.querySelector("[data-key=F7]").addEventListener("click", (event) => {
  event.currentTarget.value = `lai-giay:${++again}`;
});

// An identity card scanned into the scan box is whoever brings these papers.
document.querySelector("form.scan").addEventListener("submit", (event) => {
  const scan = event.target.elements.q;
  if (!CARD.test(scan.value)) return;
  event.preventDefault();
  for (const [name, value] of [["quet", scan.value], ["lam", "quet"]]) {
    visit.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  visit.submit();
});

// What was handed over, as people say it: 20 is 20.000.
const money = (amount) => `${String(amount).replace(/\B(?=(\d{3})+$)/g, ".")}\u00a0đ`;
const showChange = () => {
  const said = tendered.value.replace(/[.\sđ]/g, "");
  const total = document.querySelector("#tong").dataset.total;
  const line = document.querySelector("#thoi-dong");
  line.hidden = !/^\d+$/.test(said) || total === "";
  if (line.hidden) return;
  const change = (said < 1000 ? said * 1000 : +said) - total;
  const [words, amount] = line.children;
  words.textContent = change < 0 ? words.dataset.short : words.dataset.enough;
  amount.textContent = money(Math.abs(change));
};
tendered.addEventListener("input", showChange);

// Sums and the due time follow what is typed; the answer is the page itself.
let asking = 0;
const follow = async () => {
  const mine = ++asking;
  const body = new URLSearchParams(new FormData(visit));
  body.set("lam", "xem");
  const answer = await fetch(visit.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asking) return;
  document.querySelector(".sprite").innerHTML = page.querySelector(".sprite").innerHTML;
  for (const old of document.querySelectorAll("[data-live]")) {
    const made = page.getElementById(old.id);
    if (!made || made.innerHTML === old.innerHTML) continue;
    old.innerHTML = made.innerHTML;
    if (made.dataset.total !== undefined) old.dataset.total = made.dataset.total;
  }
  showChange();
};
visit.addEventListener("change", (event) => {
  if (event.target.closest(".basket") && event.target.id !== "tt_moi") follow();
});
