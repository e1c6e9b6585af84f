// Says what becomes of the tickets while the page is open: how many are left, what is sold out. What was typed is not touched.

const FIRST_MS = 1000;
const SPREAD_MS = 2000;
const ASK_MS = 20_000;
const ASKED_MAX = 15;

const form = document.querySelector("form[data-live]");
const said = form.querySelector("[data-said]");
const fresh = form.querySelector("[data-news]");
const BUYABLE = ["on_sale", "by_approval"];
const isBuyable = (state) => BUYABLE.includes(state);
const field = (type) => document.getElementById(`quantity-${type.id}`);
const isTyped = () => [...form.querySelectorAll("input[data-total]")].some((one) => Number(one.value) > 0);
let isRenewed = false;

// What this page has no controls for takes a new one: by itself where nothing is lost by it, else at a press.
const renew = () => {
  if (isRenewed) return;
  isRenewed = true;
  if (!isTyped() && !form.contains(document.activeElement)) {
    setTimeout(() => { if (isTyped()) offer(); else location.reload(); }, Math.random() * SPREAD_MS);
  } else {
    offer();
  }
};
const offer = () => {
  fresh.hidden = false;
  said.textContent = fresh.textContent.trim();
};

const line = ([words, warns]) => {
  const text = document.createElement("p");
  text.className = warns ? "type-state is-few" : "type-state";
  text.textContent = words;
  return text;
};

const show = (news) => {
  const changes = [];
  for (const type of news.types) {
    const place = form.querySelector(`[data-standing="quantity-${type.id}"]`);
    const input = field(type);
    if (!place || (type.isOpen && (!input || Number(input.dataset.total) !== type.total))) { renew(); continue; }
    const before = [...place.querySelectorAll(":scope > .type-state")];
    const words = type.standing.map(([text]) => text).join(". ");
    if (before.map((one) => one.textContent).join(". ") !== words) {
      before.forEach((one) => one.remove());
      place.prepend(...type.standing.map(line));
      const name = place.closest("li").querySelector("h3").textContent;
      if (words) changes.push(`${name}: ${words}`);
    }
    place.closest("li").classList.toggle("is-closed", !type.isOpen);
    if (input && input.max !== String(type.most)) {
      input.max = String(type.most);
      input.dispatchEvent(new Event("limit"));
    }
  }
  if (isBuyable(news.state) !== isBuyable(form.dataset.state) || ["cancelled", "over"].includes(news.state)) renew();
  if (changes.length > 0) said.textContent = changes.join(". ");
};

// Where no more can listen, the page asks from time to time, and later tries to listen again.
let source;
let timer;
const ask = async (left) => {
  try {
    const answer = await fetch(`${form.dataset.live}.json`, { cache: "no-cache" });
    if (answer.status === 404) { renew(); return; }
    if (answer.ok) show(await answer.json());
  } catch {
    // Without a network nothing is said; the next time may know more.
  }
  timer = left > 0 ? setTimeout(ask, ASK_MS * (1 + Math.random()), left - 1) : later(listen);
};
const listen = () => {
  source = new EventSource(form.dataset.live);
  source.addEventListener("message", (event) => show(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) timer = setTimeout(ask, ASK_MS * Math.random(), ASKED_MAX);
  });
};
const later = (what) => setTimeout(what, FIRST_MS + Math.random() * SPREAD_MS);
const stop = () => {
  clearTimeout(timer);
  source?.close();
};

// Who does not look is told nothing; a page that is gone back to is told again.
const follow = () => {
  stop();
  if (!document.hidden) timer = later(listen);
};
document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", stop);
addEventListener("pageshow", follow);
