// What a browser keeps of tickets: where, which pages, and how much.
export const KEPT = "foyer-tickets";
const MOST = 200;
const PAGE = /^\/[^/]+\/(?:orders|tickets)\/[0-9a-f-]{36}$/;

/** The address under which the page of an order or a ticket is kept; of any other page there is none. */
export function ticketPage(url: URL): string | null {
  const key = url.searchParams.get("key");
  return PAGE.test(url.pathname) && key
    ? `${url.origin}${url.pathname}?key=${encodeURIComponent(key)}`
    : null;
}

/** Let go of what was kept first, once there is more than anybody goes to. */
export async function prune(kept: Cache): Promise<void> {
  const all = await kept.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((one) => kept.delete(one)));
}
