// A worker: reads one QR code from the pixels it is sent.
const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: true, tryRotate: true };

self.onmessage = async ({ data }) => {
  if (data.library) {
    importScripts(data.library);
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.module }, fireImmediately: true });
    return;
  }
  const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.edge, data.edge);
  const found = await ZXingWASM.readBarcodes(picture, OPTIONS).catch(() => []);
  self.postMessage(found[0]?.text ?? null);
};
