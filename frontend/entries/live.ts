// Says what becomes of the tickets while the page is open: how many are left, what is sold out. What was typed is not touched.
import { all, the } from "../modules/page";

interface Type {
  id: string;
  isOpen: boolean;
  total: number;
  most: number;
  standing: [words: string, warns: boolean][];
}

interface News {
  state: string;
  types: Type[];
}

const FIRST_MS = 1000;
const SPREAD_MS = 2000;
const ASK_MS = 20_000;
const ASKED_MAX = 15;
const QUIET_MS = 30_000;
const BUYABLE = ["on_sale", "by_approval"];
const ENDED = ["cancelled", "over"];

const form = the<HTMLFormElement>("form[data-live]");
const said = the("[data-said]", form);
const fresh = the("[data-news]", form);
const address = form.dataset.live ?? "";
const isBuyable = (state: string | undefined) => BUYABLE.includes(state ?? "");
const isTyped = () => all<HTMLInputElement>("input[data-total]", form).some((one) => Number(one.value) > 0);
// A page that came back with what is wrong was sent for, and would be sent for once more.
const cameBack = all("[aria-invalid], .notice.is-bad").length > 0;
let isRenewed = false;

/** Whether a field holds something else than the page came with. */
function isFilled(one: Element): boolean {
  if (one instanceof HTMLInputElement) return one.type !== "hidden" && one.value !== one.defaultValue;
  if (!(one instanceof HTMLSelectElement)) return false;
  const first = [...one.options].findIndex((option) => option.defaultSelected);
  return one.selectedIndex !== Math.max(0, first);
}

/** Whether a new page would take something away from somebody. */
function isBusy(): boolean {
  if (cameBack || isTyped() || document.activeElement?.closest("form")) return true;
  return [...document.forms].some((one) => [...one.elements].some(isFilled));
}

// What this page has no controls for takes a new one: by itself where nothing is lost by it, else at a press.
function renew(): void {
  if (isRenewed) return;
  isRenewed = true;
  if (isBusy()) {
    offer();
    return;
  }
  setTimeout(() => {
    if (isBusy()) offer();
    else location.reload();
  }, Math.random() * SPREAD_MS);
}

function offer(): void {
  fresh.hidden = false;
  said.textContent = fresh.textContent?.trim() ?? "";
}

function line([words, warns]: [string, boolean]): HTMLElement {
  const text = document.createElement("p");
  text.className = warns ? "type-state is-few" : "type-state";
  text.textContent = words;
  return text;
}

interface Change {
  words: string;
  /** Whether it can be had no more, or again, or somebody has chosen it. */
  matters: boolean;
}

/** Writes where one type stands; returns what is to be said aloud about it. */
function update(type: Type): Change | undefined {
  const place = form.querySelector<HTMLElement>(`[data-standing="quantity-${type.id}"]`);
  const input = document.querySelector<HTMLInputElement>(`input[id="quantity-${type.id}"]`);
  if (!place || (type.isOpen && (!input || Number(input.dataset.total) !== type.total))) {
    renew();
    return undefined;
  }
  const item = place.closest("li");
  const before = all(":scope > .type-state", place);
  const words = type.standing.map(([text]) => text).join(". ");
  const isNew = before.map((one) => one.textContent).join(". ") !== words;
  if (isNew) {
    for (const one of before) one.remove();
    place.prepend(...type.standing.map(line));
  }
  const isTurned = item?.classList.contains("is-closed") === type.isOpen;
  item?.classList.toggle("is-closed", !type.isOpen);
  if (input && input.max !== String(type.most)) {
    input.max = String(type.most);
    input.dispatchEvent(new Event("limit"));
  }
  if (!isNew || !words) return undefined;
  const matters = isTurned || Number(input?.value) > 0;
  return { words: `${item?.querySelector("h3")?.textContent}: ${words}`, matters };
}

let saidAt = Number.NEGATIVE_INFINITY;

/** Says at once what matters, and the rest now and then: whoever listens cannot look away. */
function say(changes: Change[]): void {
  const isDue = performance.now() - saidAt >= QUIET_MS;
  const aloud = changes.filter((one) => isDue || one.matters);
  if (aloud.length === 0) return;
  if (isDue) saidAt = performance.now();
  said.textContent = aloud.map((one) => one.words).join(". ");
}

function show(news: News): void {
  const changes = news.types.map(update).filter((one) => one !== undefined);
  if (isBuyable(news.state) !== isBuyable(form.dataset.state) || ENDED.includes(news.state)) renew();
  say(changes);
}

// Where no more can listen, the page asks from time to time, and later tries to listen again.
let source: EventSource | undefined;
let timer: number | undefined;
// What began in an earlier turn ends by itself.
let turn = 0;

async function ask(left: number): Promise<void> {
  const mine = turn;
  let news: News | undefined;
  let isGone = false;
  try {
    const answer = await fetch(`${address}.json`, { cache: "no-cache" });
    isGone = answer.status === 404;
    if (answer.ok) news = await answer.json();
  } catch {
    // Without a network nothing is said; the next time may know more.
  }
  if (mine !== turn) return;
  if (isGone) {
    renew();
    return;
  }
  if (news) show(news);
  timer = left > 0 ? setTimeout(ask, ASK_MS * (1 + Math.random()), left - 1) : later(listen);
}

function listen(): void {
  source?.close();
  const opened = new EventSource(address);
  source = opened;
  opened.addEventListener("message", (event) => show(JSON.parse(event.data)));
  opened.addEventListener("error", () => {
    if (opened !== source || opened.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(ask, ASK_MS * Math.random(), ASKED_MAX);
  });
}

function later(what: () => void): number {
  return setTimeout(what, FIRST_MS + Math.random() * SPREAD_MS);
}

function stop(): void {
  turn += 1;
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

// Who does not look is told nothing; a page that is gone back to is told again.
function follow(): void {
  stop();
  if (!document.hidden) timer = later(listen);
}

document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", stop);
addEventListener("pageshow", follow);
