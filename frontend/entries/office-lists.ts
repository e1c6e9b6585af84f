// What lists do beyond HTML: a box that chooses the whole page, and a bar that says how much is chosen.

import { all, the } from "../modules/page";

for (const form of all<HTMLFormElement>("[data-bulk]")) {
  const boxes = all<HTMLInputElement>("tbody input[type='checkbox']", form);
  const whole = the<HTMLInputElement>("[data-all]", form);
  const words = the("[data-chosen]", form);
  const say = (count: number, one = "", many = "") => `${count} ${count === 1 ? one : many}`;
  const draw = () => {
    const chosen = boxes.filter((box) => box.checked);
    const weight = chosen.reduce((sum, box) => sum + Number(box.dataset.weight ?? 0), 0);
    whole.checked = chosen.length === boxes.length;
    whole.indeterminate = chosen.length > 0 && !whole.checked;
    words.textContent =
      say(chosen.length, form.dataset.one, form.dataset.many) +
      (weight ? `, ${say(weight, "ticket", "tickets")}` : "");
  };
  whole.hidden = false;
  whole.addEventListener("change", () => {
    for (const box of boxes) box.checked = whole.checked;
    draw();
  });
  form.addEventListener("change", draw);
  form.addEventListener("reset", () => setTimeout(draw));
  draw();
}
