// The visitor's own clocks, where they differ from those of the event, under the name that is used there: BST, EDT.
import { all } from "../page";
import { words } from "../words";

function zoneIn(tongue: string, at = new Date()): string {
  const parts = new Intl.DateTimeFormat(tongue, { timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

const language = document.documentElement.lang || "en";
const english = ["en-GB", "en-US", "en-AU"].find((tongue) => /^[A-Z]+$/.test(zoneIn(tongue))) ?? "en-GB";
const tongue = language === "en" ? english : language;
const day: Intl.DateTimeFormatOptions = { weekday: "short" };
const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };

function written(at: string, parts: Intl.DateTimeFormatOptions, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = new Intl.DateTimeFormat(tongue, { ...parts, hourCycle: "h23", ...zone });
  return format.format(new Date(at)).replaceAll(",", "");
}

// The zone is no part of the pattern: with it some languages write the day in another way.
function named(at: string, parts: Intl.DateTimeFormatOptions): string {
  return `${written(at, parts)} ${zoneIn(tongue, new Date(at))}`;
}

for (const place of all("[data-here]")) {
  const { zone, start = "", end } = place.dataset;
  if (written(start, { ...day, ...clock }, zone) === written(start, { ...day, ...clock })) continue;
  const isOneDay = end && written(start, day) === written(end, day);
  const moment = { ...day, ...clock };
  const first = end ? written(start, moment) : named(start, moment);
  const last = end ? named(end, isOneDay ? clock : moment) : "";
  place.textContent = `. ${words(end ? "hereSpan" : "here", { first, last })}`;
  place.hidden = false;
}
