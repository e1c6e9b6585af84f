// What is said to the server. It is away when nothing sensible comes back; then the same scan can be sent again.
// One that is busy says when to come back, and is asked once more before it counts as away.
const PATIENCE_MS = 3000;
const HURRY_MS = 1200;
const BUSY_MS = 3000;
const TRIES = 2;

export class Away extends Error {}

export class Refused extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** Sends a form and gives what is answered. `isAway` is for whoever expects no answer: they wait less and ask once. */
export function post<Said>(
  url: string,
  fields: Record<string, string>,
  { isAway = false } = {},
): Promise<Said> {
  return asking(url, { method: "POST", body: new URLSearchParams(fields) }, isAway);
}

export function read<Said>(url: string): Promise<Said> {
  return asking(url, {}, true);
}

async function asking<Said>(url: string, options: RequestInit, isAway: boolean): Promise<Said> {
  for (let tries = isAway ? 1 : TRIES; tries > 0; tries--) {
    const { said, pause = 0 } = await once<Said>(url, options, isAway ? HURRY_MS : PATIENCE_MS);
    if (said) return said;
    if (pause && tries > 1) await new Promise((done) => setTimeout(done, Math.min(pause, BUSY_MS)));
  }
  throw new Away();
}

async function once<Said>(
  url: string,
  options: RequestInit,
  patience: number,
): Promise<{ said?: Said; pause?: number }> {
  const headers = { Accept: "application/json" };
  let answer: Response;
  let said: Said & { detail?: string };
  try {
    const signal = AbortSignal.timeout(patience);
    answer = await fetch(url, { ...options, headers, cache: "no-store", signal });
    said = await answer.json();
  } catch {
    return {};
  }
  if (answer.ok) return { said };
  if (answer.status === 503) return { pause: Number(answer.headers.get("Retry-After")) * 1000 };
  if (answer.status >= 500) return {};
  throw new Refused(answer.status, said.detail ?? "");
}
