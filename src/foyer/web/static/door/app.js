// The door as an app: camera, hand scanner, typed codes and names lead to one scan, one verdict, one sound.
import { startCamera } from "./camera.js";
import { makeDecoder } from "./decoder.js";
import { Queue } from "./queue.js";
import { Away, Refused, post, read } from "./send.js";
import { signal, wakeUp } from "./signals.js";
import { startSearch } from "./search.js";
import { View } from "./view.js";

const SAME_CODE_MS = 3000;
const COUNT_MS = 5000;
const KEY_GAP_MS = 500;
const SHORTEST = 4;
const MEASURES_MAX = 200;

const root = document.getElementById("door");
const { scans, undo, counts, search } = root.dataset;
const view = new View(root);
const queue = new Queue();
const last = { text: "", at: -SAME_CODE_MS };
let turn = 0;
let shown = 0;
let measures = 0;

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A code that stays before the camera is one scan: each look at it begins the three seconds anew.
function held(text) {
  const now = performance.now();
  const isSame = text === last.text && now - last.at < SAME_CODE_MS;
  if (text !== last.text || now - last.at >= SAME_CODE_MS) last.text = text;
  last.at = now;
  if (!isSame) scan({ code: text });
}

async function scan(fields) {
  const mine = ++turn;
  const began = performance.now();
  const one = { id: uuid(), url: scans, fields, at: Date.now() };
  view.working();
  let verdict;
  try {
    verdict = await post(one.url, { ...one.fields, scanId: one.id }, { isAway: view.isAway });
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

function unanswered(one, problem) {
  if (problem instanceof Away) {
    const isKept = queue.add(one);
    away();
    return view.unchecked(one, isKept, queue.length);
  }
  if (problem instanceof Refused && problem.status === 401) view.unpaired();
  return view.failed(problem);
}

// The network: whoever gets an answer knows that it is there.
function reached() {
  view.online(queue.length);
  if (queue.length) flush();
}

function away() {
  view.offline(queue.length, queue.since);
}

async function flush() {
  if (queue.isSending) return;
  const late = await queue.send((one) => post(one.url, { ...one.fields, scanId: one.id }), (left) => view.online(left));
  if (late.stopped) away();
  else view.online(0);
  view.late(late.results);
  if (late.isUnpaired) view.unpaired();
}

async function refresh() {
  if (document.hidden) return;
  try {
    view.counts(await read(counts));
    reached();
  } catch (problem) {
    if (problem instanceof Away) away();
    else if (problem instanceof Refused && problem.status === 401) view.unpaired();
  }
}

// A hand scanner types fast and ends with Enter; whatever has the focus is not meant by it.
const typed = { text: "", at: 0 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
  const now = performance.now();
  if (now - typed.at > KEY_GAP_MS) typed.text = "";
  typed.at = now;
  if (event.key === "Enter" && typed.text.length >= SHORTEST) {
    event.preventDefault();
    const { text } = typed;
    typed.text = "";
    document.querySelectorAll("dialog[open]").forEach((one) => one.close());
    held(text);
  } else if (event.key.length === 1) {
    typed.text += event.key;
    if (typed.text.length > 1) event.preventDefault();
  }
});

for (const form of document.querySelectorAll("form[data-code]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.namedItem("code");
    const code = field.value.trim();
    field.value = "";
    form.closest("dialog")?.close();
    if (code) scan({ code });
  });
}

view.undoForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const ticketId = view.undoForm.elements.namedItem("ticketId").value;
  try {
    await post(undo, { ticketId });
    last.text = "";
    view.count(-1);
    view.undone();
  } catch (problem) {
    view.failed(problem, true);
  }
});

startSearch(document.getElementById("search"), search, (ticketId) => scan({ ticketId }));

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    const dialog = document.getElementById(opener.dataset.opens);
    dialog.showModal();
    dialog.querySelector("input")?.focus();
  });
}
for (const closer of document.querySelectorAll("[data-closes]")) {
  closer.addEventListener("click", () => closer.closest("dialog").close());
}

document.addEventListener("pointerdown", wakeUp);
document.addEventListener("keydown", wakeUp);
document.addEventListener("visibilitychange", refresh);
addEventListener("online", refresh);
addEventListener("offline", away);

document.documentElement.classList.replace("plain", "live");
startCamera(root, makeDecoder(root.dataset), held);
if (queue.length) away();
refresh();
setInterval(refresh, COUNT_MS);
