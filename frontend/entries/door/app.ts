// The door as an app: camera, hand scanner, typed codes and names lead to one scan, one verdict, one sound.
import { startCamera } from "../../modules/door/camera";
import { makeDecoder } from "../../modules/door/decoder";
import "../../modules/door/dialogs";
import { Queue } from "../../modules/door/queue";
import { listenToScanner } from "../../modules/door/scanner";
import { startSearch } from "../../modules/door/search";
import { Away, post, Refused, read } from "../../modules/door/send";
import { signal, wakeUp } from "../../modules/door/signals";
import { View } from "../../modules/door/view";
import type { Counts, Scan, Verdict } from "../../modules/door/words";
import { all, field, the } from "../../modules/page";

const SAME_CODE_MS = 3000;
const COUNT_MS = 5000;
const MEASURES_MAX = 200;

const root = the("#door");
const { scans = "", undo = "", counts = "", search = "", worker = "", module = "" } = root.dataset;
const view = new View(root);
const queue = new Queue();
const last = { text: "", at: -SAME_CODE_MS };
let turn = 0;
let shown = 0;
let measures = 0;

function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fixed = bytes.map((one, index) => {
    if (index === 6) return (one & 0x0f) | 0x40;
    return index === 8 ? (one & 0x3f) | 0x80 : one;
  });
  const hex = [...fixed].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A code that stays before the camera is one scan: each look at it begins the three seconds anew.
function held(text: string): void {
  const now = performance.now();
  const isSame = text === last.text && now - last.at < SAME_CODE_MS;
  last.text = text;
  last.at = now;
  if (!isSame) void scan({ code: text });
}

async function scan(fields: Record<string, string>): Promise<void> {
  const mine = ++turn;
  const began = performance.now();
  const one: Scan = { id: uuid(), url: scans, fields, at: Date.now() };
  view.working();
  let verdict: Verdict;
  try {
    verdict = await post<Verdict>(one.url, { ...one.fields, scanId: one.id }, { isAway: view.isAway });
    reached();
  } catch (problem) {
    verdict = unanswered(one, problem);
  }
  if (verdict.tone === "admitted") view.count(1);
  if (mine < shown) return;
  shown = mine;
  view.show(verdict);
  signal(verdict.tone);
  requestAnimationFrame(() => {
    if (++measures > MEASURES_MAX) performance.clearMeasures("scan");
    performance.measure("scan", { start: began, end: performance.now() });
  });
}

function unanswered(one: Scan, problem: unknown): Verdict {
  if (problem instanceof Away) {
    const isKept = queue.add(one);
    away();
    return view.unchecked(one, isKept, queue.length);
  }
  if (problem instanceof Refused && problem.status === 401) view.unpaired();
  return view.failed(problem);
}

// The network: whoever gets an answer knows that it is there.
function reached(): void {
  view.online(queue.length);
  if (queue.length) void flush();
}

function away(): void {
  view.offline(queue.length, queue.since);
}

async function flush(): Promise<void> {
  if (queue.isSending) return;
  const deliver = (one: Scan) => post<Verdict>(one.url, { ...one.fields, scanId: one.id });
  const late = await queue.send(deliver, (left) => view.online(left));
  if (late.stopped) away();
  else view.online(0);
  view.late(late.results);
  if (late.isUnpaired) view.unpaired();
}

async function refresh(): Promise<void> {
  if (document.hidden) return;
  try {
    view.counts(await read<Counts>(counts));
    reached();
  } catch (problem) {
    if (problem instanceof Away) away();
    else if (problem instanceof Refused && problem.status === 401) view.unpaired();
  }
}

listenToScanner(held);

for (const form of all<HTMLFormElement>("form[data-code]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = field(form, "code");
    const code = typed?.value.trim();
    if (typed) typed.value = "";
    form.closest("dialog")?.close();
    if (code) void scan({ code });
  });
}

view.undoForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await post(undo, { ticketId: view.undoField.value });
    last.text = "";
    view.count(-1);
    view.undone();
  } catch (problem) {
    view.failed(problem, true);
  }
});

startSearch(the<HTMLDialogElement>("#search"), search, (ticketId) => void scan({ ticketId }));

document.addEventListener("pointerdown", wakeUp);
document.addEventListener("keydown", wakeUp);
document.addEventListener("visibilitychange", refresh);
addEventListener("online", refresh);
addEventListener("offline", away);

document.documentElement.classList.replace("plain", "live");
startCamera(root, makeDecoder(worker, module), held);
if (queue.length) away();
void refresh();
setInterval(refresh, COUNT_MS);
