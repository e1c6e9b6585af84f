// The camera: asked for by a press unless it was allowed before, kept awake while the page is seen, its light where it has one.
const SIDE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const PAUSE_MS = 60;
const WORDS = {
  NotAllowedError: "The camera is not allowed here. Allow it in the browser’s settings, or type the code.",
  NotFoundError: "This device has no camera. Use a hand scanner, or type the code.",
  NotReadableError: "Another app holds the camera. Close it, then press again.",
};
const INSECURE = "Browsers open the camera on https pages only. Use a hand scanner, or type the code.";

export function startCamera(root, decoding, seen) {
  const video = root.querySelector("video");
  const starter = root.querySelector("[data-start]");
  const trouble = root.querySelector("[data-trouble]");
  const torch = root.querySelector("[data-torch]");
  const view = root.querySelector(".view");
  let lock = null;

  function tell(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  async function stayAwake() {
    if (!navigator.wakeLock || document.hidden || (lock && !lock.released)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
  }

  async function open() {
    if (!navigator.mediaDevices?.getUserMedia) {
      tell(INSECURE);
      return;
    }
    starter.disabled = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" }, ...SIDE } });
      await video.play();
      view.classList.add("is-live");
      tell("");
      light(video.srcObject.getVideoTracks()[0]);
      stayAwake();
      watch();
    } catch (problem) {
      tell(WORDS[problem.name] ?? "The camera does not start. Use a hand scanner, or type the code.");
    }
    starter.disabled = false;
  }

  function light(track) {
    torch.hidden = !track.getCapabilities?.().torch;
    torch.setAttribute("aria-pressed", "false");
    torch.onclick = async () => {
      const isOn = torch.getAttribute("aria-pressed") !== "true";
      await track.applyConstraints({ advanced: [{ torch: isOn }] });
      torch.setAttribute("aria-pressed", String(isOn));
    };
    track.onended = () => {
      view.classList.remove("is-live");
      torch.hidden = true;
    };
  }

  async function watch() {
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
  document.addEventListener("visibilitychange", stayAwake);
  navigator.permissions?.query({ name: "camera" }).then(
    (found) => found.state === "granted" && open(),
    () => {},
  );
}
