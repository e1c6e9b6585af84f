// Who comes: the contact copied into a ticket by one press, and names to choose from that are those just typed.
import { all, field } from "../page";

const NAMES = ["firstName", "lastName", "email"];

function typed(form: HTMLFormElement, prefix: string): string[] {
  return NAMES.map((name) => field(form, `${prefix}${name}`)?.value.trim() ?? "");
}

function isSame(form: HTMLFormElement, prefix: string): boolean {
  const contact = typed(form, "");
  return contact.some(Boolean) && typed(form, prefix).every((one, place) => one === contact[place]);
}

for (const button of all<HTMLButtonElement>("[data-copy]")) {
  const { form } = button;
  const label = button.querySelector("span");
  if (!form || !label) continue;
  const prefix = button.dataset.copy ?? "";
  const words = label.textContent;
  const show = () => {
    const done = isSame(form, prefix);
    label.textContent = done ? (button.dataset.done ?? words) : words;
    button.toggleAttribute("data-is-done", done);
  };
  button.addEventListener("click", () => {
    for (const name of NAMES) {
      const [from, to] = [field(form, name), field(form, `${prefix}${name}`)];
      if (from && to) to.value = from.value;
    }
    form.dispatchEvent(new Event("input"));
  });
  form.addEventListener("input", show);
  button.hidden = false;
  show();
}

for (const list of all<HTMLSelectElement>("[data-who]")) {
  const { form } = list;
  const options = [...list.options].map((one): [HTMLOptionElement, string] => [one, one.text]);
  if (!form) continue;
  const show = () => {
    for (const [option, words] of options) {
      if (!option.value) continue;
      const [first, last] = typed(form, option.value === "contact" ? "" : option.value);
      option.text = [first, last].filter(Boolean).join(" ") || words;
    }
  };
  form.addEventListener("input", show);
  show();
}
