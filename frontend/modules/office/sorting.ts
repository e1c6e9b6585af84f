// Rows that are dragged by their grip; the buttons for up and down stay for the keyboard.
import { all, the } from "../page";

function drag(table: HTMLTableElement, body: HTMLTableSectionElement, row: HTMLTableRowElement): void {
  const order = () => [...body.rows].map((one) => one.dataset.id ?? "");
  const before = order();
  const move = (event: PointerEvent) => {
    const over = [...body.rows].find((one) => {
      const box = one.getBoundingClientRect();
      return one !== row && event.clientY > box.top && event.clientY < box.bottom;
    });
    if (!over) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(row);
    else over.after(row);
  };
  const done = async () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", done);
    document.removeEventListener("pointercancel", done);
    row.classList.remove("is-dragged");
    if (order().join() === before.join()) return;
    const answer = await fetch(table.dataset.sortable ?? "", {
      method: "POST",
      body: new URLSearchParams(order().map((id) => ["id", id])),
    }).catch(() => null);
    // Where it was not taken, the page says what stands.
    location.assign(`${location.pathname}${answer?.ok ? "?done=moved" : ""}`);
  };
  row.classList.add("is-dragged");
  // On the document: a row that changes its place lets go of a pointer it has captured.
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", done);
  document.addEventListener("pointercancel", done);
}

for (const table of all<HTMLTableElement>("[data-sortable]")) {
  const body = the<HTMLTableSectionElement>("tbody", table);
  for (const row of body.rows) {
    const grip = the("[data-grip]", row);
    grip.hidden = false;
    grip.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      down.preventDefault();
      drag(table, body, row);
    });
  }
}
