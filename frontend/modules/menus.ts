// Menus close on a press elsewhere and on Escape, and only one is open.
import { all, the } from "./page";

const open = () => all<HTMLDetailsElement>("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open())
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    the("summary", menu).focus();
  }
});
