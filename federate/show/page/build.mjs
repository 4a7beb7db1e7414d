// Makes ../static/map.html and ../static/compare.html: pages that hold their script
// and their styles and lack only their data, which federate/show/filled.py puts in.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static");
const PAGES = ["map", "compare"];

async function bundle(entry) {
  const made = await build({
    entryPoints: [join(here, "src", entry)],
    bundle: true,
    charset: "utf8",
    format: "iife",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    minify: true,
    target: ["chrome109", "firefox115", "safari16"],
    write: false,
  });
  return { text: made.outputFiles[0].text.trim(), files: Object.keys(made.metafile.inputs) };
}

// What is bundled asks that its licence travel with it.
async function licences(files) {
  const names = new Set(
    files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean),
  );
  const texts = [...names].sort().map(async (name) => {
    const folder = join(here, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${(await readFile(join(folder, file), "utf8")).trim()}`;
  });
  // Two hyphens would end the comment that holds them.
  return (await Promise.all(texts)).join("\n\n").replaceAll("--", "- -");
}

function hash(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

async function make(name) {
  const [page, { text: script, files }, { text: style }] = await Promise.all([
    readFile(join(here, `${name}.html`), "utf8"),
    bundle(name === "map" ? "main.ts" : `${name}.ts`),
    bundle(`${name}.css`),
  ]);
  // The policy leaves the page no way to reach a network, and lets nothing run
  // but the script below.
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const parts = {
    "%LICENCES%": `\nThis page contains:\n\n${await licences(files)}\n`,
    "%POLICY%": policy,
    "%STYLE%": style,
    "%SCRIPT%": script,
  };
  let html = page;
  for (const [mark, text] of Object.entries(parts)) {
    html = html.replace(mark, () => text);
  }
  await writeFile(join(target, `${name}.html.part`), html);
  await rename(join(target, `${name}.html.part`), join(target, `${name}.html`));
}

await mkdir(target, { recursive: true });
await Promise.all(PAGES.map(make));
