// Colours: a well beside each field, and the page in the colours of the moment.
import { all, field, the } from "../page";

const PAUSE_MS = 80;

const isColor = (text: string) => /^#[0-9a-f]{6}$/i.test(text);

function well(form: HTMLFormElement, input: HTMLInputElement): void {
  const made = document.createElement("input");
  made.type = "color";
  made.value = isColor(input.value) ? input.value : "#000000";
  const label = the(`label[for="${input.id}"]`, form).textContent?.trim();
  made.setAttribute("aria-label", `${label}, chosen by eye`);
  input.after(made);
  made.addEventListener("input", () => {
    input.value = made.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.addEventListener("input", () => {
    if (isColor(input.value.trim())) made.value = input.value.trim();
  });
}

for (const form of all<HTMLFormElement>("form[data-colors]")) {
  const fields = ["primaryColor", "secondaryColor"].flatMap((name) => field(form, name) ?? []);
  const sheet = the<HTMLLinkElement>('link[rel="stylesheet"][href^="/theme/"]');
  the("[data-try]", form).hidden = true;
  the("[data-live]", form).hidden = false;
  let waiting: number | undefined;
  const show = () => {
    const colors = fields.map((one) => one.value.trim());
    if (!colors.every(isColor)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      sheet.href = `/theme/${colors.map((one) => one.slice(1).toLowerCase()).join("-")}.css`;
    }, PAUSE_MS);
    for (const one of all("[data-ratio]")) one.hidden = true;
  };
  sheet.addEventListener("load", () => {
    const now = getComputedStyle(document.documentElement);
    for (const one of all("[data-tone]")) {
      one.textContent = now.getPropertyValue(`--${one.dataset.tone}`).trim();
    }
  });
  for (const input of fields) {
    well(form, input);
    input.addEventListener("input", show);
  }
}
