// Scans made while the network was away, on this phone until they are sent: each with its id, so that it counts once.
import { Away, Refused } from "./send.js";

const KEY = "foyer-door-waiting";
const MOST = 500;

export class Queue {
  isSending = false;

  get items() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? [];
    } catch {
      return [];
    }
  }

  get length() {
    return this.items.length;
  }

  get since() {
    return this.items[0]?.at ?? null;
  }

  // Whether it is kept; a phone that is full keeps nothing more, and says so.
  add(one) {
    const items = this.items;
    if (items.length >= MOST) return false;
    return this.#keep([...items, one]);
  }

  // Sends one after the other, the oldest first. What comes back later than it was asked for is told as a list.
  async send(deliver, left) {
    const late = { results: [], stopped: false, isUnpaired: false };
    this.isSending = true;
    for (let next = this.items[0]; next; next = this.items[0]) {
      try {
        late.results.push({ at: next.at, verdict: await deliver(next) });
      } catch (problem) {
        late.isUnpaired = problem instanceof Refused && problem.status === 401;
        late.stopped = problem instanceof Away || late.isUnpaired;
        if (late.stopped) break;
        late.results.push({ at: next.at, verdict: { tone: "refused", word: "Not sent", title: problem.message, detail: "" } });
      }
      this.#keep(this.items.filter((one) => one.id !== next.id));
      left(this.length);
    }
    this.isSending = false;
    return late;
  }

  #keep(items) {
    try {
      localStorage.setItem(KEY, JSON.stringify(items));
      return true;
    } catch {
      return false;
    }
  }
}
