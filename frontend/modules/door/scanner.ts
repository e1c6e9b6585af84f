// A hand scanner types fast and ends with Enter; whatever has the focus is not meant by it.
import { all } from "../page";

const KEY_GAP_MS = 500;
const SHORTEST = 4;

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.matches("input, textarea");

export function listenToScanner(scanned: (text: string) => void): void {
  let text = "";
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const now = performance.now();
    if (now - at > KEY_GAP_MS) text = "";
    at = now;
    if (event.key === "Enter" && text.length >= SHORTEST) {
      event.preventDefault();
      const whole = text;
      text = "";
      for (const one of all<HTMLDialogElement>("dialog[open]")) one.close();
      scanned(whole);
    } else if (event.key.length === 1) {
      text += event.key;
      if (text.length > 1) event.preventDefault();
    }
  });
}
