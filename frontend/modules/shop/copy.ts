// Copy the contact into one ticket; typing in it afterwards makes it its own again.
import { all, field } from "../page";

const NAMES = ["firstName", "lastName", "email"];

for (const button of all<HTMLButtonElement>("[data-copy]")) {
  const words = button.textContent;
  const { form } = button;
  if (!form) continue;
  button.addEventListener("click", () => {
    for (const name of NAMES) {
      const [from, to] = [field(form, name), field(form, `${button.dataset.copy}${name}`)];
      if (from && to) to.value = from.value;
    }
    button.textContent = button.dataset.done ?? words;
    button.dataset.isDone = "yes";
  });
  button.closest("fieldset")?.addEventListener("input", () => {
    button.textContent = words;
    delete button.dataset.isDone;
  });
  button.hidden = false;
}
