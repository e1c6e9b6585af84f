// Keeps the page of an order or a ticket in this browser, so that it opens where there is no network; says so once it does.
import { KEPT, prune, ticketPage } from "../modules/kept";

/** The addresses of our own that elements of these kinds have loaded. */
function loaded(...kinds: string[]): string[] {
  const all = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const own = all.filter((one) => kinds.includes(one.initiatorType)).map((one) => one.name);
  return [...new Set(own)].filter((url) => new URL(url).origin === location.origin);
}

async function keep(note: HTMLElement, worker: string): Promise<void> {
  const page = ticketPage(new URL(location.href));
  if (!page || !("serviceWorker" in navigator)) return;
  const kept = await caches.open(KEPT);
  // A worker that has fetched this page has kept it on its way.
  const isKept = navigator.serviceWorker.controller !== null && (await kept.match(page)) !== undefined;
  await kept.addAll([...(isKept ? [] : [page]), ...loaded("link", "script")]);
  await Promise.allSettled(loaded("css", "img").map((one) => kept.add(one)));
  await prune(kept);
  await navigator.serviceWorker.register(worker, { scope: location.pathname.replace(/[^/]+$/, "") });
  await navigator.serviceWorker.ready;
  note.hidden = false;
}

for (const note of document.querySelectorAll<HTMLElement>("[data-keep]")) {
  const worker = note.dataset.keep ?? "";
  // A browser that may not keep anything shows the page as ever.
  addEventListener("load", () => void keep(note, worker).catch(() => undefined));
}
