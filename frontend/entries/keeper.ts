// Stands between kept pages of tickets and the network: asks the network first, and answers with what was kept where that says nothing.
import { KEPT, ticketPage } from "../modules/kept";

interface Fetching extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

/** How long somebody who has the page already waits at a door for a network that is slow. */
const PATIENCE_MS = 4000;
const GONE = [404, 410];

async function renew(page: string, answer: Response): Promise<void> {
  const kept = await caches.open(KEPT);
  if (answer.ok) await kept.put(page, answer);
  else if (GONE.includes(answer.status)) await kept.delete(page);
}

const none = () => undefined;
const impatience = () => new Promise<undefined>((end) => setTimeout(end, PATIENCE_MS));

async function answered(asked: Promise<Response>, named: RequestInfo): Promise<Response> {
  const kept = await caches.match(named, { cacheName: KEPT, ignoreVary: true }).catch(none);
  if (!kept) return asked;
  const answer = await Promise.race([asked.catch(none), impatience()]);
  return answer && answer.status < 500 ? answer : kept;
}

self.addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const { request } = fetching;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const page = request.mode === "navigate" ? ticketPage(url) : null;
  const isPart = ["style", "script", "font", "image"].includes(request.destination);
  if (!page && !isPart) return;
  const asked = fetch(request);
  // A browser that can keep no more shows the page as ever.
  if (page) fetching.waitUntil(asked.then((answer) => renew(page, answer.clone())).catch(none));
  fetching.respondWith(answered(asked, page ?? request));
});
