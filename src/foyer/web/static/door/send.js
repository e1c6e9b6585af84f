// What is said to the server. It is away when nothing sensible comes back; then the same scan can be sent again.
// One that is busy says when to come back, and is asked once more before it counts as away.
const PATIENCE_MS = 3000;
const HURRY_MS = 1200;
const BUSY_MS = 3000;
const TRIES = 2;

export class Away extends Error {}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function post(url, fields, { isAway = false } = {}) {
  return asking(url, { method: "POST", body: new URLSearchParams(fields) }, isAway);
}

export function read(url) {
  return asking(url, {}, true);
}

async function asking(url, options, isAway) {
  for (let tries = isAway ? 1 : TRIES; tries > 0; tries--) {
    const { said, pause = 0 } = await once(url, options, isAway ? HURRY_MS : PATIENCE_MS);
    if (said) return said;
    if (pause && tries > 1) await new Promise((done) => { setTimeout(done, Math.min(pause, BUSY_MS)); });
  }
  throw new Away();
}

async function once(url, options, patience) {
  const headers = { Accept: "application/json" };
  let answer;
  let said;
  try {
    answer = await fetch(url, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(patience) });
    said = await answer.json();
  } catch {
    return {};
  }
  if (answer.ok) return { said };
  if (answer.status === 503) return { pause: Number(answer.headers.get("Retry-After")) * 1000 };
  if (answer.status >= 500) return {};
  throw new Refused(answer.status, said.detail);
}
