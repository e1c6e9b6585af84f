// Reading codes from pictures: by the browser itself where it can, otherwise by a module that is loaded only then.
const EDGE = 640;

export type Decode = (video: HTMLVideoElement) => Promise<string | null>;

/** Of the browsers we know, not all have it, and no standard library of types does. */
interface Detector {
  detect(video: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

interface DetectorKind {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

declare global {
  var BarcodeDetector: DetectorKind | undefined;
}

export async function makeDecoder(worker: string, module: string): Promise<Decode> {
  const kinds = await globalThis.BarcodeDetector?.getSupportedFormats().catch((): string[] => []);
  if (globalThis.BarcodeDetector && kinds?.includes("qr_code")) {
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  return byWorker(new Worker(worker, { type: "module" }), module);
}

function byWorker(worker: Worker, module: string): Decode {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = EDGE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  worker.postMessage({ module });
  return (video) =>
    new Promise((resolve, reject) => {
      if (!context) throw new Error("this browser draws no pictures");
      const side = Math.min(video.videoWidth, video.videoHeight);
      const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
      context.drawImage(video, left, top, side, side, 0, 0, EDGE, EDGE);
      const { data } = context.getImageData(0, 0, EDGE, EDGE);
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = reject;
      worker.postMessage({ pixels: data.buffer, edge: EDGE }, [data.buffer]);
    });
}
