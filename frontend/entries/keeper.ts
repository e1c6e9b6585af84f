// Stands between kept pages of tickets and the network: asks the network first, and answers with what was kept where there is none.
import { KEPT, ticketPage } from "../modules/kept";

interface Fetching extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

async function renew(page: string, answer: Response): Promise<void> {
  const kept = await caches.open(KEPT);
  if (answer.ok) await kept.put(page, answer.clone());
  else if (answer.status < 500) await kept.delete(page);
}

async function answered(request: Request, page: string | null): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (page) await renew(page, answer);
    return answer;
  } catch (away) {
    const kept = await caches.match(page ?? request, { cacheName: KEPT, ignoreVary: true });
    if (kept) return kept;
    throw away;
  }
}

self.addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const { request } = fetching;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const page = request.mode === "navigate" ? ticketPage(url) : null;
  const isPart = ["style", "script", "font", "image"].includes(request.destination);
  if (page || isPart) fetching.respondWith(answered(request, page));
});
