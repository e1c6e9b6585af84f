// What is said to the server. It is away when nothing sensible comes back; then the same scan can be sent again.
const PATIENCE_MS = 3000;
const HURRY_MS = 1200;
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
    const answer = await once(url, options, isAway ? HURRY_MS : PATIENCE_MS);
    if (answer) return answer;
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
    return null;
  }
  if (answer.ok) return said;
  if (answer.status >= 500) return null;
  throw new Refused(answer.status, said.detail);
}
