// Enter in a field that has a button of its own presses that one, not the form's.
import { all, field } from "../page";

for (const button of all<HTMLButtonElement>("button[data-enter]")) {
  const own = button.form && field(button.form, button.dataset.enter ?? "");
  own?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    button.click();
  });
}
