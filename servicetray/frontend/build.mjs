// Builds the style sheet, icon sprite and other static files into a folder, named by their content.
//
//   node build.mjs --out FOLDER --icons Name,Name,…
//
// Called by assets.py, which decides whether to build, installs the packages and publishes the result.
// Everything is deterministic: two builds from the same input give identical bytes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { bundleAsync } from "lightningcss";
import { optimize } from "svgo";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "node_modules");
const DESIGN_SYSTEM = join(MODULES, "@digdir/designsystemet-css/dist/src");
const ICONS = join(MODULES, "@navikt/aksel-icons/dist/svg");

// Designsystemet itself relies on :has(), which Firefox learned in 121.
const version = (major, minor = 0) => (major << 16) | (minor << 8);
const TARGETS = { chrome: version(111), edge: version(111), firefox: version(121), safari: version(16, 4) };

// What a visitor's browser receives and who wrote it. The build tools themselves are not passed on.
const SHIPPED = ["@digdir/designsystemet", "@digdir/designsystemet-css", "@navikt/aksel-icons"];

const { values: options } = parseArgs({ options: { out: { type: "string" }, icons: { type: "string" } } });
if (!options.out || !options.icons) fail("usage: node build.mjs --out FOLDER --icons Name,Name");

const out = resolve(options.out);
const scratch = join(out, "scratch");
const files = {};
mkdirSync(scratch, { recursive: true });

const tokens = buildTokens();
publish("app.css", await buildStyles(tokens));
publish("icons.svg", buildSprite(options.icons.split(",").filter(Boolean)));
for (const name of readdirSync(join(HERE, "js")).sort()) publish(name, readFileSync(join(HERE, "js", name)));
for (const name of readdirSync(join(HERE, "images")).sort()) {
  const file = join(HERE, "images", name);
  const drawn = extname(name) === ".svg";
  publish(name, drawn ? optimize(readFileSync(file, "utf8"), { path: name, multipass: true }).data : readFileSync(file));
}
publish("licences.txt", licences());

rmSync(scratch, { recursive: true, force: true });
writeFileSync(join(out, "files.json"), JSON.stringify(files, null, 1) + "\n");

/** Turn theme.config.json into the design tokens' CSS and return it. */
function buildTokens() {
  const cli = join(MODULES, "@digdir/designsystemet", readPackage("@digdir/designsystemet").bin);
  // outDir of the configuration is relative to the working directory: run in the scratch folder.
  const config = join(scratch, "designsystemet.config.json");
  writeFileSync(config, readFileSync(join(HERE, "theme.config.json")));
  for (const step of ["create", "build"]) {
    execFileSync(process.execPath, [cli, "tokens", step, "--config", config], { cwd: scratch, stdio: ["ignore", "ignore", "pipe"] });
  }
  const css = readFileSync(join(scratch, "design-tokens-build/servicetray.css"), "utf8");
  // Paper is always light: dark mode belongs to screens alone.
  const dark = "@media (prefers-color-scheme: dark)";
  if (!css.includes(dark)) fail(`the design tokens no longer contain "${dark}"; look at buildTokens()`);
  return css.replaceAll(dark, "@media screen and (prefers-color-scheme: dark)");
}

/** Bundle css/app.css with everything that it imports; `theme` and `ds/x` are names of ours. */
async function buildStyles(theme) {
  const { code, warnings } = await bundleAsync({
    filename: join(HERE, "css/app.css"),
    minify: true,
    targets: TARGETS,
    resolver: {
      read: (file) => (basename(file) === "theme" ? theme : readFileSync(file, "utf8")),
      resolve: (specifier, from) => {
        if (specifier === "theme") return join(scratch, "theme");
        if (specifier.startsWith("ds/")) return join(DESIGN_SYSTEM, `${specifier.slice(3)}.css`);
        return resolve(dirname(from), specifier);
      },
    },
  });
  const ours = warnings.filter((warning) => !String(warning.loc?.filename).includes("node_modules"));
  for (const { message, loc } of ours) console.error(`app.css: ${message} (${loc?.filename}:${loc?.line})`);
  return code;
}

/** One SVG with a <symbol> for each icon that the pages use. */
function buildSprite(names) {
  const symbols = names.map((name) => {
    const source = join(ICONS, `${name}.svg`);
    if (!existsSync(source)) fail(`there is no Aksel icon "${name}" (see https://aksel.nav.no/ikoner)`);
    const { data } = optimize(readFileSync(source, "utf8"), { multipass: true, floatPrecision: 2 });
    const inner = data.replace(/^<svg[^>]*>|<\/svg>\s*$/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** The names, versions and licence texts of what is passed on to browsers. */
function licences() {
  const parts = SHIPPED.map((name) => {
    const { version: number, license } = readPackage(name);
    const file = join(MODULES, name, "LICENSE");
    // The icon package names its licence without carrying the text.
    const text = existsSync(file) ? readFileSync(file, "utf8").trim() : `Licence: ${license}, as its package.json says.`;
    return `${name} ${number} (${license})\n${"-".repeat(60)}\n${text}\n`;
  });
  return `Third-party works in this folder's files, fetched when they were built.\n\n${parts.join("\n\n")}`;
}

function readPackage(name) {
  const description = JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));
  if (description.bin && typeof description.bin !== "string") description.bin = Object.values(description.bin)[0];
  return description;
}

/** Write a file under a name that changes with its content, so that browsers may keep it for a year. */
function publish(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const extension = extname(name);
  files[name] = `${basename(name, extension)}.${digest}${extension}`;
  writeFileSync(join(out, files[name]), content);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
