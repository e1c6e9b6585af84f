// The camera: asked for by a press unless it was allowed before, kept awake while the page is seen, its light where it has one.
import { the } from "../page";
import type { Decode } from "./decoder";

const SIDE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const PAUSE_MS = 60;
const WORDS: Record<string, string> = {
  NotAllowedError: "The camera is not allowed here. Allow it in the browser’s settings, or type the code.",
  NotFoundError: "This device has no camera. Use a hand scanner, or type the code.",
  NotReadableError: "Another app holds the camera. Close it, then press again.",
};
const UNKNOWN = "The camera does not start. Use a hand scanner, or type the code.";
const INSECURE = "Browsers open the camera on https pages only. Use a hand scanner, or type the code.";

/** Cameras with a light say so in words that are not everywhere yet. */
type Lit = { torch?: boolean };

function light(torch: HTMLButtonElement, track: MediaStreamTrack, ended: () => void): void {
  torch.hidden = !(track.getCapabilities?.() as Lit | undefined)?.torch;
  torch.setAttribute("aria-pressed", "false");
  torch.onclick = async () => {
    const isOn = torch.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: isOn } as MediaTrackConstraintSet] });
    torch.setAttribute("aria-pressed", String(isOn));
  };
  track.onended = () => {
    torch.hidden = true;
    ended();
  };
}

async function stayAwakeWhileSeen(): Promise<void> {
  let lock: WakeLockSentinel | null = null;
  const stay = async () => {
    if (!navigator.wakeLock || document.hidden || (lock && !lock.released)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
  };
  document.addEventListener("visibilitychange", stay);
  await stay();
}

export function startCamera(
  root: HTMLElement,
  decoding: Promise<Decode>,
  seen: (text: string) => void,
): void {
  const video = the<HTMLVideoElement>("video", root);
  const starter = the<HTMLButtonElement>("[data-start]", root);
  const trouble = the("[data-trouble]", root);
  const torch = the<HTMLButtonElement>("[data-torch]", root);
  const view = the(".view", root);
  let isAwake = false;

  function tell(words: string): void {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  async function open(): Promise<void> {
    if (!navigator.mediaDevices?.getUserMedia) {
      tell(INSECURE);
      return;
    }
    starter.disabled = true;
    try {
      const wanted = { video: { facingMode: { ideal: "environment" }, ...SIDE } };
      const stream = await navigator.mediaDevices.getUserMedia(wanted);
      video.srcObject = stream;
      await video.play();
      view.classList.add("is-live");
      tell("");
      const [track] = stream.getVideoTracks();
      if (track) light(torch, track, () => view.classList.remove("is-live"));
      if (!isAwake) void stayAwakeWhileSeen();
      isAwake = true;
      void watch();
    } catch (problem) {
      tell((problem instanceof DOMException && WORDS[problem.name]) || UNKNOWN);
    }
    starter.disabled = false;
  }

  async function watch(): Promise<void> {
    const decode = await decoding;
    while (view.classList.contains("is-live")) {
      if (!document.hidden && video.readyState >= 2) {
        const text = await decode(video).catch(() => null);
        if (text) seen(text);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  starter.addEventListener("click", open);
  // Browsers that do not know this question answer with an error: there the press is needed.
  navigator.permissions
    ?.query({ name: "camera" as PermissionName })
    .then((found) => (found.state === "granted" ? open() : undefined))
    .catch(() => undefined);
}
