// The office works without this. What it adds: a shortcut to the search, and the focus where something is wrong.

import { all } from "../modules/page";

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
