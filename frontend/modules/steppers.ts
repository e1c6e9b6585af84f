// Steppers: a number field gets a button on either side; nothing is chosen until the first plus.
import { all, countIn, the } from "./page";

for (const box of all("[data-stepper]")) {
  const input = the<HTMLInputElement>("input", box);
  const less = the<HTMLButtonElement>("[data-less]", box);
  const more = the<HTMLButtonElement>("[data-more]", box);
  const most = () => (input.max === "" ? Number.POSITIVE_INFINITY : Number(input.max));
  const least = () => Math.min(Math.max(1, Number(input.dataset.least)), most());
  const draw = () => {
    box.classList.toggle("is-none", countIn(input) === 0);
    more.setAttribute("aria-disabled", String(countIn(input) >= most()));
  };
  const choose = (wanted: number) => {
    input.value = String(wanted);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  more.addEventListener("click", () => {
    if (countIn(input) < most()) choose(countIn(input) < least() ? least() : countIn(input) + 1);
  });
  less.addEventListener("click", () => {
    choose(countIn(input) <= least() ? 0 : countIn(input) - 1);
    if (countIn(input) === 0) more.focus();
  });
  input.addEventListener("input", draw);
  input.addEventListener("change", () => {
    const typed = countIn(input);
    choose(typed === 0 ? 0 : Math.min(Math.max(typed, least()), most()));
  });
  input.addEventListener("limit", draw);
  less.hidden = more.hidden = false;
  box.classList.add("is-live");
  draw();
}
