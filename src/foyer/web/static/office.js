// The office works without this. What it adds: menus that close, a shortcut to the search, a toast that leaves.

const menus = document.querySelectorAll("[data-menu]");

document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const search = document.querySelector("[data-search]");
  if (search && event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    if (search.offsetParent === null) location.assign(search.form.action);
    else search.select();
  }
});

const shortcut = document.querySelector("[data-shortcut]");
if (shortcut && !/Mac|iP(hone|ad)/.test(navigator.platform)) shortcut.textContent = "Ctrl K";

const toast = document.querySelector("[data-toast]:not(.is-bad)");
if (toast) setTimeout(() => toast.remove(), 6000);

const wrong = document.querySelector('[aria-invalid="true"]');
if (wrong) wrong.focus();
