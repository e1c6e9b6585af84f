// The numbers of a refund follow what is chosen: the page is asked again, as its button without a script does.
import { the } from "../modules/page";

const PARTS = ["[data-effects]", ".dialog-foot"];

function take(page: Element, form: HTMLFormElement): void {
  for (const part of PARTS) {
    const now = form.querySelector(part);
    const then = page.querySelector(part);
    if (now && then) now.replaceWith(then);
    else if (now) now.remove();
    else if (then) the(".dialog-foot", form).before(then);
  }
  the("[data-look]", form).hidden = true;
}

function follow(form: HTMLFormElement, look: HTMLElement): void {
  let asked: AbortController | undefined;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const chosen = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    try {
      const answer = await fetch(`${form.action}?${chosen}`, { signal: asked.signal });
      if (!answer.ok) {
        look.hidden = false; // the numbers are of another choice: its button asks again
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      take(the("[data-refund]", page), form);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) look.hidden = false;
    }
  };
  look.hidden = true;
  form.addEventListener("change", ask);
}

const form = document.querySelector<HTMLFormElement>("[data-refund]");
const look = form?.querySelector<HTMLElement>("[data-look]");
if (form && look) follow(form, look);
