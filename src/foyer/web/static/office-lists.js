// What lists do beyond HTML: a box that chooses the whole page, and a bar that says how much is chosen.

for (const form of document.querySelectorAll("[data-bulk]")) {
  const boxes = [...form.querySelectorAll("tbody input[type='checkbox']")];
  const all = form.querySelector("[data-all]");
  const words = form.querySelector("[data-chosen]");
  const say = (count, one, many) => `${count} ${count === 1 ? one : many}`;
  const draw = () => {
    const chosen = boxes.filter((box) => box.checked);
    const weight = chosen.reduce((sum, box) => sum + Number(box.dataset.weight ?? 0), 0);
    all.checked = chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
    words.textContent = say(chosen.length, form.dataset.one, form.dataset.many) + (weight ? `, ${say(weight, "ticket", "tickets")}` : "");
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    draw();
  });
  form.addEventListener("change", draw);
  form.addEventListener("reset", () => setTimeout(draw));
  draw();
}
