// A form is sent once: the second press does nothing, and the button keeps its width while it waits.
import { all } from "./page";

const isBusier = (one: Element): one is HTMLButtonElement => one.matches("button[data-busy]");

function free(form: HTMLFormElement, buttons: HTMLButtonElement[]): void {
  delete form.dataset.sent;
  for (const button of buttons) {
    const { words } = button.dataset;
    if (!words) continue;
    button.textContent = words;
    button.removeAttribute("aria-busy");
    button.style.minWidth = "";
    delete button.dataset.words;
  }
}

for (const form of all<HTMLFormElement>("form[data-once]")) {
  const buttons = [...form.elements].filter(isBusier);
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter : undefined;
    for (const button of buttons.filter((one) => one.formAction === (pressed ?? one).formAction)) {
      button.dataset.words = button.textContent;
      button.style.minWidth = `${button.getBoundingClientRect().width}px`;
      button.textContent = button.dataset.busy ?? "";
      button.setAttribute("aria-busy", "true");
    }
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) free(form, buttons);
  });
}
