// What is on the screen. Every part has its place from the beginning; nothing moves when a verdict comes.
import { the } from "../page";
import type { Late } from "./queue";
import type { Counts, Scan, Verdict } from "./words";

const UNDO_MS = 60_000;

const scansOf = (number: number) => (number === 1 ? "1 scan" : `${number} scans`);

export class View {
  isAway = false;
  readonly undoForm: HTMLFormElement;
  readonly undoField: HTMLInputElement;
  readonly #root: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #strip: HTMLElement;
  #remembering: number | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#panel = the(".panel", root);
    this.#strip = the(".strip", root);
    this.undoForm = the("[data-undo]", this.#panel);
    this.undoField = the("[name=ticketId]", this.undoForm);
  }

  // On the clocks of the event, whatever the phone's own say.
  #clock(at: number): string {
    const zone = this.#root.dataset.zone ?? "UTC";
    const parts: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", timeZone: zone };
    return new Date(at).toLocaleTimeString("en-GB", parts);
  }

  #slot(name: string): HTMLElement {
    return the(`[data-slot="${name}"]`, this.#root);
  }

  #write(name: string, text: string): void {
    this.#slot(name).textContent = text;
  }

  working(): void {
    this.#panel.classList.add("is-working");
  }

  show({ tone, word, corner, title, detail, facts = [], undoTicketId = null }: Verdict): void {
    clearTimeout(this.#remembering);
    this.#panel.classList.remove("is-working");
    this.#root.dataset.tone = tone;
    this.#write("word", word);
    this.#write("corner", corner.join("\n"));
    this.#write("title", title);
    this.#write("detail", detail);
    this.#facts(tone === "admitted" ? [] : facts);
    this.undoForm.hidden = !undoTicketId;
    if (undoTicketId) {
      this.undoField.value = undoTicketId;
      this.#remembering = setTimeout(() => {
        this.undoForm.hidden = true;
      }, UNDO_MS);
    }
    this.#panel.scrollTop = 0;
  }

  #facts(facts: { name: string; value: string }[]): void {
    const more = the<HTMLDetailsElement>("[data-slot=more]", this.#root);
    more.open = false;
    more.hidden = facts.length === 0;
    the("dl", more).replaceChildren(
      ...facts.flatMap(({ name, value }) => {
        const [term, words] = [document.createElement("dt"), document.createElement("dd")];
        term.textContent = name;
        words.textContent = value;
        words.dir = "auto";
        return [term, words];
      }),
    );
  }

  // A scan that nobody has answered. It is never green: the steward decides, and knows that it is theirs to decide.
  unchecked(one: Scan, isKept: boolean, waiting: number): Verdict {
    const kept = "It is kept on this phone and sent when the network is back.";
    return {
      tone: "unsure",
      word: "Not checked",
      corner: [this.#clock(one.at), isKept ? `${scansOf(waiting)} waiting` : "Nothing kept"],
      title: "No network",
      detail: `Nobody has verified this ticket. ${isKept ? kept : "This phone can keep no more scans; write the code down."}`,
    };
  }

  failed(problem: unknown, isShown = false): Verdict {
    const verdict: Verdict = {
      tone: "unsure",
      word: "Not checked",
      corner: [this.#clock(Date.now())],
      title: "That did not work",
      detail: (problem instanceof Error && problem.message) || "The server did not answer. Try again.",
    };
    if (isShown) this.show(verdict);
    return verdict;
  }

  undone(): void {
    this.show({
      tone: "idle",
      word: "Taken back",
      corner: [],
      title: "Ready",
      detail: "The ticket can come in again.",
    });
  }

  counts({ admitted, expected }: Counts): void {
    this.#root.dataset.admitted = String(admitted);
    this.#write("expected", expected.toLocaleString("en"));
    this.count(0);
  }

  count(change: number): void {
    const admitted = Math.max(0, Number(this.#root.dataset.admitted) + change);
    this.#root.dataset.admitted = String(admitted);
    this.#write("admitted", admitted.toLocaleString("en"));
  }

  online(waiting: number): void {
    this.isAway = false;
    this.#root.classList.remove("is-away");
    this.#write("sync", waiting ? `Sending ${waiting}` : "Synced");
    this.#strip.hidden = true;
  }

  offline(waiting: number, since: number | null): void {
    this.isAway = true;
    this.#root.classList.add("is-away");
    this.#write("sync", "Offline");
    this.#strip.hidden = false;
    this.#write("waiting", `Offline: ${scansOf(waiting)} waiting`);
    this.#write("since", since ? `since ${this.#clock(since)}` : "");
  }

  // Scans that were answered late: the good ones as a number, the others each by name.
  late(results: Late["results"]): void {
    const bad = results.filter(({ verdict }) => verdict.tone !== "admitted");
    const dialog = the<HTMLDialogElement>("#late");
    this.count(results.length - bad.length);
    if (!bad.length) return;
    the("[data-sum]", dialog).textContent =
      `${scansOf(results.length)} sent: ${results.length - bad.length} admitted, ${bad.length} not good.`;
    the("ul", dialog).replaceChildren(
      ...bad.map(({ at, verdict }) => {
        const row = document.createElement("li");
        row.textContent = [this.#clock(at), verdict.word, verdict.title, verdict.detail]
          .filter(Boolean)
          .join(" · ");
        return row;
      }),
    );
    if (!dialog.open) dialog.showModal();
  }

  unpaired(): void {
    this.#write("sync", "Not paired");
    this.#root.classList.add("is-away");
    the("#unpaired").hidden = false;
  }
}
