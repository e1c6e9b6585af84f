// Reading codes from pictures: by the browser itself where it can, otherwise by a module that is loaded only then.
const EDGE = 640;

export async function makeDecoder({ worker, library, module }) {
  const kinds = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (kinds?.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  return byWorker(new Worker(worker), { library, module });
}

function byWorker(worker, addresses) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = EDGE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  worker.postMessage(addresses);
  return (video) =>
    new Promise((resolve, reject) => {
      const side = Math.min(video.videoWidth, video.videoHeight);
      const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
      context.drawImage(video, left, top, side, side, 0, 0, EDGE, EDGE);
      const { data } = context.getImageData(0, 0, EDGE, EDGE);
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage({ pixels: data.buffer, edge: EDGE }, [data.buffer]);
    });
}
