// Scans made while the network was away, on this phone until they are sent: each with its id, so that it counts once.
import { Away, Refused } from "./send";
import type { Scan, Verdict } from "./words";

const KEY = "foyer-door-waiting";
const MOST = 500;

export interface Late {
  results: { at: number; verdict: Verdict }[];
  stopped: boolean;
  isUnpaired: boolean;
}

export class Queue {
  isSending = false;

  get items(): Scan[] {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "[]");
    } catch {
      return [];
    }
  }

  get length(): number {
    return this.items.length;
  }

  get since(): number | null {
    return this.items[0]?.at ?? null;
  }

  /** Whether it is kept; a phone that is full keeps nothing more, and says so. */
  add(one: Scan): boolean {
    const items = this.items;
    if (items.length >= MOST) return false;
    return this.#keep([...items, one]);
  }

  /** Sends one after the other, the oldest first. What comes back later than it was asked for is told as a list. */
  async send(deliver: (one: Scan) => Promise<Verdict>, left: (waiting: number) => void): Promise<Late> {
    const late: Late = { results: [], stopped: false, isUnpaired: false };
    this.isSending = true;
    for (let next = this.items[0]; next; next = this.items[0]) {
      const { id, at } = next;
      try {
        late.results.push({ at, verdict: await deliver(next) });
      } catch (problem) {
        late.isUnpaired = problem instanceof Refused && problem.status === 401;
        late.stopped = problem instanceof Away || late.isUnpaired;
        if (late.stopped) break;
        const title = problem instanceof Error ? problem.message : "";
        late.results.push({
          at,
          verdict: { tone: "refused", word: "Not sent", corner: [], title, detail: "" },
        });
      }
      this.#keep(this.items.filter((one) => one.id !== id));
      left(this.length);
    }
    this.isSending = false;
    return late;
  }

  #keep(items: Scan[]): boolean {
    try {
      localStorage.setItem(KEY, JSON.stringify(items));
      return true;
    } catch {
      return false;
    }
  }
}
