// What a press opens and closes at the door.
import { all, the } from "../page";

for (const opener of all("[data-opens]")) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    const dialog = the<HTMLDialogElement>(`#${opener.dataset.opens}`);
    dialog.showModal();
    dialog.querySelector("input")?.focus();
  });
}
for (const closer of all("[data-closes]")) {
  closer.addEventListener("click", () => closer.closest("dialog")?.close());
}
