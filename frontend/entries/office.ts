// The office works without this. What it adds: a shortcut to the search, and the focus where something is wrong.

import { all, the } from "../modules/page";

document.addEventListener("keydown", (event) => {
  const search = document.querySelector<HTMLInputElement>("[data-search]");
  if (search && event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    if (search.offsetParent === null) location.assign(search.form?.action ?? "");
    else search.select();
  }
});

const shortcut = document.querySelector("[data-shortcut]");
if (shortcut && !/Mac|iP(hone|ad)/.test(navigator.platform)) shortcut.textContent = "Ctrl K";

all('[aria-invalid="true"]')[0]?.focus();

// What is there to be pasted elsewhere is copied with one press.
const DONE_MS = 2000;
for (const button of all("button[data-clip]")) {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(the<HTMLTextAreaElement>(`#${button.dataset.clip}`).value);
    button.textContent = button.dataset.done ?? words;
    setTimeout(() => {
      button.textContent = words;
    }, DONE_MS);
  });
  button.hidden = !isSecureContext;
}
