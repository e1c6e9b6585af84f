// Bundles every file of `entries` into one script of the same name, and takes over what pages load as it was published.
// `node build.mjs FOLDER` writes into FOLDER; nothing is left of a build that fails.
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const TAKEN_OVER = {
  "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
  "vendor/htmx.LICENSE.txt": "htmx.org/LICENSE",
  "vendor/zxing-reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
  "vendor/zxing.LICENSE.txt": "zxing-wasm/LICENSE",
};

const here = dirname(fileURLToPath(import.meta.url));
const output = argv[2];
const entries = (await readdir(join(here, "entries"), { recursive: true })).filter((name) =>
  name.endsWith(".ts"),
);

await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => join("entries", name)),
  outbase: "entries",
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
}).catch(() => exit(1));

for (const [name, from] of Object.entries(TAKEN_OVER)) {
  await mkdir(dirname(join(output, name)), { recursive: true });
  await copyFile(join(here, "node_modules", from), join(output, name));
}
