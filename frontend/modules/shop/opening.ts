// Counts down to the opening of a sale on the visitor's clock. That it has opened a page hears from live.ts, whatever any clock says.
import { all } from "../page";

const UNITS = [
  { unit: "day", seconds: 86_400, digits: 1 },
  { unit: "hour", seconds: 3600, digits: 1 },
  { unit: "minute", seconds: 60, digits: 2 },
  { unit: "second", seconds: 1, digits: 2 },
];

const language = document.documentElement.lang || "en";
const formats = UNITS.map(
  ({ unit, digits }) =>
    new Intl.NumberFormat(language, {
      style: "unit",
      unit,
      unitDisplay: "long",
      minimumIntegerDigits: digits,
    }),
);

function start(box: HTMLElement): void {
  const opens = Date.parse(box.dataset.opens ?? "");
  const numbers = all("strong", box);
  const names = all("span", box);
  const tick = () => {
    let left = Math.max(0, Math.ceil((opens - Date.now()) / 1000));
    if (left === 0) clearInterval(timer);
    for (const [place, { seconds }] of UNITS.entries()) {
      const parts = formats[place]?.formatToParts(Math.floor(left / seconds)) ?? [];
      write(
        numbers[place],
        parts.filter((part) => part.type === "integer" || part.type === "group"),
      );
      write(
        names[place],
        parts.filter((part) => part.type === "unit"),
      );
      left %= seconds;
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

function write(place: HTMLElement | undefined, parts: Intl.NumberFormatPart[]): void {
  const words = parts.map((part) => part.value).join("");
  if (place && place.textContent !== words) place.textContent = words;
}

for (const box of all("[data-opens]")) start(box);
