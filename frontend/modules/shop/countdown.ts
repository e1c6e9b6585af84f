// The countdown runs on the server's clock: what counts is the difference to the moment the page was made.
import { all, the } from "../page";
import { words } from "../words";

const LATE_SECONDS = 120;

const language = document.documentElement.lang || "en";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function start(box: HTMLElement): void {
  const [until, now, from] = [box.dataset.until, box.dataset.now, box.dataset.from].map((at) =>
    Date.parse(at ?? ""),
  );
  const left = Number(until) - Number(now);
  const whole = Math.max(1, Number(until) - Number(from));
  const end = performance.now() + left;
  const clock = the("[data-clock]", box);
  const ring = the<SVGElement>("[data-ring]", box);
  const announce = the("[data-announce]", box);
  const hours = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  for (const moment of all<HTMLTimeElement>("time[data-until]", box))
    moment.textContent = words("time", { time: hours.format(new Date(moment.dateTime)) });
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const shown = [Math.floor(seconds / 60), seconds % 60]
      .map((one) => String(one).padStart(2, "0"))
      .join(":");
    if (clock.textContent !== shown) clock.textContent = shown;
    const shared = calm.matches ? Math.ceil(seconds / 60) * 60 : seconds;
    ring.setAttribute("stroke-dashoffset", String(100 - Math.min(100, (shared * 100_000) / whole)));
    if (seconds < LATE_SECONDS && seconds > 0 && !box.classList.contains("is-late")) {
      box.classList.add("is-late");
      announce.textContent = words("late");
    }
    if (seconds > 0) return;
    clearInterval(timer);
    announce.textContent = "";
    box.hidden = true;
    for (const notice of all("[data-expired]")) notice.hidden = false;
  };
  const timer = setInterval(tick, 1000);
  clock.hidden = false;
  box.classList.add("is-live");
  tick();
}

for (const box of all("[data-countdown]")) start(box);
