// A page that came at the wrong moment asks again by itself: ever less often, until it gets through, is stopped or has asked enough.

import { all, the } from "../modules/page";
import { words } from "../modules/words";

const TRIES_MAX = 12;
const GROWTH = 1.5;
const PAUSE_MAX = 30;
const FORGOTTEN_MS = 60_000;
const REACH_MS = 5000;
const KEY = "foyer-busy";

const box = the("[data-retry]");
const next = the("[data-next]", box);
const said = the("[data-said]", box);
const again = the("[data-again]", box);
const stop = the<HTMLButtonElement>("[data-stop]", box);
const ring = the<SVGElement>("[data-ring]", box);
const form = box.querySelector("form");
const address = box.dataset.retry ?? "";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let timer: number | undefined;
let isOwnDoing = false;

// Each try is a page of its own, so the number of tries lies beside them, in this tab.
function tries(): number {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return kept?.address === address && Date.now() - kept.at < FORGOTTEN_MS ? kept.tries : 0;
  } catch {
    return 0;
  }
}

function remember(count: number): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ address, tries: count, at: Date.now() }));
  } catch {
    // Without a memory it tries as if for the first time; the server's pauses still hold.
  }
}

let count = tries();

function tell(shown: string, spoken = shown): void {
  next.textContent = shown;
  said.textContent = spoken;
}

function rest(sentence: string): void {
  clearTimeout(timer);
  timer = undefined;
  for (const one of ring.getAnimations()) one.cancel();
  stop.hidden = true;
  again.classList.add("button-main");
  tell(sentence);
  remember(0);
  count = 0;
}

function wait(): void {
  if (count >= TRIES_MAX) {
    rest(words("stillBusy"));
    return;
  }
  const pause =
    Math.min(PAUSE_MAX, Number(box.dataset.seconds) * GROWTH ** count) * (0.85 + Math.random() * 0.3);
  const end = performance.now() + pause * 1000;
  const soon = (seconds: number) => words("again", { n: seconds }, seconds);
  said.textContent = `${soon(Math.ceil(pause))}.`;
  if (!calm.matches)
    ring.animate([{ strokeDashoffset: 100 }, { strokeDashoffset: 0 }], {
      duration: pause * 1000,
      fill: "forwards",
    });
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      tryAgain();
      return;
    }
    if (next.textContent !== soon(left)) next.textContent = soon(left);
    timer = setTimeout(tick, 200);
  };
  tick();
}

// Who cannot reach us stays here with what was typed, instead of on the browser's own page.
async function isThere(): Promise<boolean> {
  try {
    await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(REACH_MS) });
    return true;
  } catch {
    return false;
  }
}

async function tryAgain(): Promise<void> {
  next.textContent = words("trying");
  const mine = timer;
  count += 1;
  const isReached = await isThere();
  if (mine !== timer) return; // stopped meanwhile
  if (!isReached) {
    wait();
    return;
  }
  remember(count);
  isOwnDoing = true;
  if (form) form.requestSubmit(again);
  else location.replace(address);
}

stop.addEventListener("click", () => {
  rest(words("stopped"));
  again.focus();
});
// Who presses the button tries at once; the count goes on.
const pressed = () => {
  if (isOwnDoing) return;
  clearTimeout(timer);
  stop.hidden = true;
  remember(Math.min(count, TRIES_MAX - 1));
};
if (form) form.addEventListener("submit", pressed);
else again.addEventListener("click", pressed);

for (const one of all("[data-live]", box)) one.hidden = false;
stop.hidden = false;
again.classList.remove("button-main"); // nobody need press it while the page does
wait();
