// What is on the screen. Every part has its place from the beginning; nothing moves when a verdict comes.
const UNDO_MS = 60000;

const scansOf = (number) => (number === 1 ? "1 scan" : `${number} scans`);

export class View {
  isAway = false;
  #remembering = 0;

  constructor(root) {
    this.root = root;
    this.panel = root.querySelector(".panel");
    this.undoForm = this.panel.querySelector("[data-undo]");
    this.strip = root.querySelector(".strip");
  }

  // On the clocks of the event, whatever the phone's own say.
  #clock(at) {
    const parts = { hour: "2-digit", minute: "2-digit", timeZone: this.root.dataset.zone };
    return new Date(at).toLocaleTimeString("en-GB", parts);
  }

  #slot(name) {
    return this.root.querySelector(`[data-slot="${name}"]`);
  }

  #write(name, text) {
    this.#slot(name).textContent = text;
  }

  working() {
    this.panel.classList.add("is-working");
  }

  show({ tone, word, corner, title, detail, facts = [], undoTicketId = null }) {
    clearTimeout(this.#remembering);
    this.panel.classList.remove("is-working");
    this.root.dataset.tone = tone;
    this.#write("word", word);
    this.#write("corner", corner.join("\n"));
    this.#write("title", title);
    this.#write("detail", detail);
    this.#facts(tone === "admitted" ? [] : facts);
    this.undoForm.hidden = !undoTicketId;
    if (undoTicketId) {
      this.undoForm.elements.namedItem("ticketId").value = undoTicketId;
      this.#remembering = setTimeout(() => (this.undoForm.hidden = true), UNDO_MS);
    }
    this.panel.scrollTop = 0;
  }

  #facts(facts) {
    const more = this.#slot("more");
    more.open = false;
    more.hidden = facts.length === 0;
    more.querySelector("dl").replaceChildren(
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
  unchecked(one, isKept, waiting) {
    const kept = "It is kept on this phone and sent when the network is back.";
    return {
      tone: "unsure",
      word: "Not checked",
      corner: [this.#clock(one.at), isKept ? `${scansOf(waiting)} waiting` : "Nothing kept"],
      title: "No network",
      detail: `Nobody has verified this ticket. ${isKept ? kept : "This phone can keep no more scans; write the code down."}`,
    };
  }

  failed(problem, isShown = false) {
    const verdict = {
      tone: "unsure",
      word: "Not checked",
      corner: [this.#clock(Date.now())],
      title: "That did not work",
      detail: problem.message || "The server did not answer. Try again.",
    };
    if (isShown) this.show(verdict);
    return verdict;
  }

  undone() {
    this.show({ tone: "idle", word: "Taken back", corner: [], title: "Ready", detail: "The ticket can come in again." });
  }

  counts({ admitted, expected }) {
    this.root.dataset.admitted = admitted;
    this.#write("expected", expected.toLocaleString("en"));
    this.count(0);
  }

  count(change) {
    this.root.dataset.admitted = Math.max(0, Number(this.root.dataset.admitted) + change);
    this.#write("admitted", Number(this.root.dataset.admitted).toLocaleString("en"));
  }

  online(waiting) {
    this.isAway = false;
    this.root.classList.remove("is-away");
    this.#write("sync", waiting ? `Sending ${waiting}` : "Synced");
    this.strip.hidden = true;
  }

  offline(waiting, since) {
    this.isAway = true;
    this.root.classList.add("is-away");
    this.#write("sync", "Offline");
    this.strip.hidden = false;
    this.#write("waiting", `Offline: ${scansOf(waiting)} waiting`);
    this.#write("since", since ? `since ${this.#clock(since)}` : "");
  }

  // Scans that were answered late: the good ones as a number, the others each by name.
  late(results) {
    const bad = results.filter(({ verdict }) => verdict.tone !== "admitted");
    const dialog = document.getElementById("late");
    this.count(results.length - bad.length);
    if (!bad.length) return;
    dialog.querySelector("[data-sum]").textContent =
      `${scansOf(results.length)} sent: ${results.length - bad.length} admitted, ${bad.length} not good.`;
    dialog.querySelector("ul").replaceChildren(
      ...bad.map(({ at, verdict }) => {
        const row = document.createElement("li");
        row.textContent = [this.#clock(at), verdict.word, verdict.title, verdict.detail].filter(Boolean).join(" · ");
        return row;
      }),
    );
    if (!dialog.open) dialog.showModal();
  }

  unpaired() {
    this.#write("sync", "Not paired");
    this.root.classList.add("is-away");
    document.getElementById("unpaired").hidden = false;
  }
}
