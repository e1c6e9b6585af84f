// A form is sent once: the second press does nothing, and the button keeps its width while it waits. Nobody tells a page
// that its sending was stopped, so the button is free again after a while.
import { all } from "./page";

const STOPPED_MS = 15_000;

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
  let timer: number | undefined;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    clearTimeout(timer);
    timer = setTimeout(free, STOPPED_MS, form, buttons);
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
