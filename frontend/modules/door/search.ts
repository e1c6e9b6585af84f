// Guests by name: asked for while the steward types, admitted by one press.
import { the } from "../page";
import { post } from "./send";
import type { Found, Guest } from "./words";

const PAUSE_MS = 250;
const AWAY = "The network is away; names cannot be searched without it.";

function row(pattern: HTMLTemplateElement, guest: Guest, choose: () => void): Node {
  const made = pattern.content.cloneNode(true) as DocumentFragment;
  the("[data-name]", made).textContent = guest.name;
  the("[data-line]", made).textContent = guest.line;
  the("[data-state]", made).textContent = guest.state;
  const button = the<HTMLButtonElement>("[data-admit]", made);
  button.hidden = !guest.canEnter;
  button.setAttribute("aria-label", `Admit ${guest.name}`);
  button.addEventListener("click", choose);
  return made;
}

export function startSearch(
  dialog: HTMLDialogElement,
  address: string,
  admit: (ticketId: string) => void,
): void {
  const form = the<HTMLFormElement>("form", dialog);
  const field = the<HTMLInputElement>("[name=name]", form);
  const list = the("[data-found]", dialog);
  const hint = the("[data-hint]", dialog);
  const pattern = the<HTMLTemplateElement>("template", dialog);
  let waiting: number | undefined;
  let turn = 0;

  function draw(found: Found): void {
    hint.textContent = found.hint;
    const rows = found.guests.map((guest) =>
      row(pattern, guest, () => {
        dialog.close();
        admit(guest.ticketId);
      }),
    );
    list.replaceChildren(...rows);
  }

  async function look(): Promise<void> {
    const mine = ++turn;
    let said: Found;
    try {
      said = await post<Found>(address, { name: field.value });
    } catch (problem) {
      said = { guests: [], hint: (problem instanceof Error && problem.message) || AWAY };
    }
    if (mine === turn) draw(said);
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    void look();
  });
  dialog.addEventListener("close", () => {
    field.value = "";
    draw({ guests: [], hint: "" });
  });
}
