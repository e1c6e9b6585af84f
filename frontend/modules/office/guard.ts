// Says what is not saved yet, and asks before it is left behind.
import { all, the } from "../page";

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const NAMES_SHOWN = 3;
const NOT_TYPED = ["hidden", "submit", "button"];

function isField(one: Element): one is Field {
  const isOfAKind =
    one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement;
  return isOfAKind && one.name !== "" && !NOT_TYPED.includes(one.type);
}

function state(field: Field): string {
  const isTicked = field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
  return isTicked ? String(field.checked) : field.value;
}

function words(form: HTMLFormElement, field: Field): string {
  const own = form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  const label = own ?? field.closest("fieldset")?.querySelector("legend");
  return (label?.firstChild?.textContent ?? field.name).trim().toLowerCase();
}

function guard(form: HTMLFormElement, bar: HTMLElement): void {
  const foot = form.querySelector(".form-foot");
  const fields = [...form.elements].filter(isField);
  // A page that came back from a refusal holds typed values: what is stored counts as the beginning there too.
  const begun = new Map(fields.map((field) => [field, state(field)]));
  const cameBack = form.querySelector('[aria-invalid="true"]') !== null;
  let sent = false;

  const changed = () => {
    const other = fields.filter((field) => begun.get(field) !== state(field));
    return [...new Set(other.map((field) => words(form, field)))];
  };
  const draw = () => {
    const names = changed();
    bar.hidden = names.length === 0;
    foot?.classList.toggle("is-away", names.length > 0);
    the("[data-unsaved-count]", bar).textContent =
      names.length === 1 ? "1 change not saved" : `${names.length} changes not saved`;
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
    const list = names.slice(0, NAMES_SHOWN).join(", ") + more;
    the("[data-unsaved-names]", bar).textContent = list.charAt(0).toUpperCase() + list.slice(1);
  };
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  form.addEventListener("reset", () => setTimeout(draw));
  form.addEventListener("submit", () => {
    sent = true;
  });
  addEventListener("beforeunload", (event) => {
    if (!sent && (cameBack || changed().length > 0)) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    sent = false;
    draw();
  });
}

for (const form of all<HTMLFormElement>("form[data-guard]")) {
  const bar = form.querySelector<HTMLElement>("[data-unsaved]");
  if (bar) guard(form, bar);
}
