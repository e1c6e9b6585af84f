// A worker: reads one QR code from the pixels it is sent.
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";

const OPTIONS: ReaderOptions = {
  formats: ["QRCode"],
  maxNumberOfSymbols: 1,
  tryHarder: true,
  tryInvert: true,
  tryRotate: true,
};

type Order = { module: string } | { pixels: ArrayBuffer; edge: number };

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  if ("module" in data) {
    prepareZXingModule({ overrides: { locateFile: () => data.module }, fireImmediately: true });
    return;
  }
  const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.edge, data.edge);
  const found = await readBarcodes(picture, OPTIONS).catch(() => []);
  self.postMessage(found[0]?.text ?? null);
};
