// A link to a dialog opens it above the page, with the focus kept inside; closing gives the focus back.
import { all } from "./page";

function opened(id: string | undefined): boolean {
  const box = id ? document.getElementById(id) : null;
  if (!(box instanceof HTMLDialogElement) || box.open) return false;
  box.showModal();
  box.dispatchEvent(new Event("opened"));
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href^='#'], [data-close]");
  if (!link) return;
  const box = link.closest("dialog");
  if (link.hasAttribute("data-close") && box?.open) {
    event.preventDefault();
    box.close();
  } else if (opened(link.getAttribute("href")?.slice(1))) {
    event.preventDefault();
  }
});

for (const box of all<HTMLDialogElement>("dialog")) {
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  box.addEventListener("close", () => {
    if (location.hash === `#${box.id}`) history.replaceState(null, "", location.pathname + location.search);
  });
}
if (opened(location.hash.slice(1))) scrollTo(0, 0);
for (const box of all("dialog[data-open]")) opened(box.id);
