// The end of a thing asks once more.
import { all } from "../page";

for (const form of all<HTMLFormElement>("form[data-ask]")) {
  form.addEventListener(
    "submit",
    (event) => {
      if (confirm(form.dataset.ask)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
