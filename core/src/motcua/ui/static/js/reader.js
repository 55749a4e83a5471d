// Papers of a dossier open beside its answers, one key each; without this file they are links.
"use strict";

for (const read of document.querySelectorAll("[data-read]")) {
  const links = [...read.querySelectorAll("[data-paper]")];
  const place = read.querySelector("[data-reader]");
  let wanted = links.find((link) => link.ariaCurrent);

  const shown = (link, html) => {
    for (const each of links) each.ariaCurrent = each === link ? "true" : null;
    place.hidden = !link;  // before: a PDF fits its page to the room it finds
    place.innerHTML = html;
  };
  const open = async (link) => {
    if (link !== wanted) {
      wanted = link;
      const asked = { headers: { "HX-Request": "true" }, redirect: "error" };
      const answer = await fetch(link.href, asked).catch(() => null);
      if (wanted !== link) return;
      if (!answer?.ok) return location.assign(link.href);
      shown(link, await answer.text());
      history.replaceState(null, "", link.href);
    }
    place.querySelector("h2")?.focus({ preventScroll: true });  // none yet: it is on its way
    place.scrollIntoView({ block: "nearest" });
  };
  const close = (address) => {
    const last = wanted;
    wanted = undefined;
    shown(null, "");
    history.replaceState(null, "", address);
    last?.focus();
  };

  read.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("[data-paper], [data-close-paper]");
    if (!link) return;
    event.preventDefault();
    if (links.includes(link)) open(link);
    else close(link.href);
  });

  // One digit alone: a scanner types many, one right after the other, and opens nothing.
  let soon;
  document.addEventListener("keydown", (event) => {
    const rushed = soon !== undefined;
    clearTimeout(soon);
    soon = undefined;
    if (!lettersOn() || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target.matches("select, textarea, input:not([type=checkbox])")) return;
    soon = setTimeout(() => {
      soon = undefined;
      const code = event.key.length === 1 ? event.code.replace("Numpad", "Digit") : "";
      const link = links.find((each) => each.dataset.paper === code);
      if (link && !rushed) open(link);
    }, 120);
  });
}
