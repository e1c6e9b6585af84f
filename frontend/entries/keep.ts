// Keeps the page of an order or a ticket in this browser, so that it opens where there is no network; says so once it does.
import { KEPT, prune, ticketPage } from "../modules/kept";

async function keep(note: HTMLElement, worker: string): Promise<void> {
  const page = ticketPage(new URL(location.href));
  if (!page || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(worker, { scope: location.pathname.replace(/[^/]+$/, "") });
  const parts = performance
    .getEntriesByType("resource")
    .filter((one) =>
      ["link", "css", "script", "img"].includes((one as PerformanceResourceTiming).initiatorType),
    )
    .map((one) => one.name)
    .filter((url) => new URL(url).origin === location.origin);
  const kept = await caches.open(KEPT);
  await kept.addAll([...new Set([page, ...parts])]);
  await prune(kept);
  note.hidden = false;
}

for (const note of document.querySelectorAll<HTMLElement>("[data-keep]")) {
  const worker = note.dataset.keep ?? "";
  // A browser that may not keep anything shows the page as ever.
  addEventListener("load", () => void keep(note, worker).catch(() => undefined));
}
