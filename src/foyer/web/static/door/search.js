// Guests by name: asked for while the steward types, admitted by one press.
import { post } from "./send.js";

const PAUSE_MS = 250;

export function startSearch(dialog, address, admit) {
  const form = dialog.querySelector("form");
  const field = form.elements.namedItem("name");
  const list = dialog.querySelector("[data-found]");
  const hint = dialog.querySelector("[data-hint]");
  const pattern = dialog.querySelector("template");
  let waiting = 0;
  let turn = 0;

  async function look() {
    const mine = ++turn;
    let said;
    try {
      said = await post(address, { name: field.value });
    } catch (problem) {
      said = { guests: [], hint: problem.message || "The network is away; names cannot be searched without it." };
    }
    if (mine === turn) draw(said);
  }

  function draw({ guests, hint: words }) {
    hint.textContent = words;
    list.replaceChildren(
      ...guests.map((guest) => {
        const row = pattern.content.cloneNode(true);
        const part = (name) => row.querySelector(`[data-${name}]`);
        part("name").textContent = guest.name;
        part("line").textContent = guest.line;
        part("state").textContent = guest.state;
        const button = part("admit");
        button.hidden = !guest.canEnter;
        button.setAttribute("aria-label", `Admit ${guest.name}`);
        button.addEventListener("click", () => {
          dialog.close();
          admit(guest.ticketId);
        });
        return row;
      }),
    );
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    look();
  });
  dialog.addEventListener("close", () => {
    field.value = "";
    draw({ guests: [], hint: "" });
  });
}
