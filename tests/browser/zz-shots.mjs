import { chromium } from "playwright-core";
const base = process.env.BASE ?? "http://127.0.0.1:8099";
const out = process.env.OUT ?? "/tmp/shots";
import { mkdirSync } from "node:fs"; mkdirSync(out, { recursive: true });
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const ctx = await b.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: process.env.DARK ? "dark" : "light" });
const p = await ctx.newPage();
await p.goto(base + "/login");
await p.fill("[name=login]", process.env.WHO ?? "ada.okafor@acme.test");
await p.fill("[name=password]", "sample company passphrase");
await p.click("main button.primary, form button.primary");
const widths = (process.env.W ?? "1280").split(",").map(Number);
for (let path of process.argv.slice(2)) {
  for (const w of widths) {
    await p.setViewportSize({ width: w, height: 900 });
    const m = path.match(/^@(.*?)@(.*)$/); // @link text@suffix on the groups list
    if (m) { await p.goto(base + "/settings/user-groups"); const h = await p.locator("tbody a", { hasText: m[1] }).first().getAttribute("href"); await p.goto(base + h + m[2]); }
    else await p.goto(base + path);
    const name = path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") + "-" + w + (process.env.DARK ? "-dark" : "") + ".png";
    const over = await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    await p.screenshot({ path: `${out}/${name}`, fullPage: true });
    console.log(name, await p.title(), over ? "OVERFLOW" : "");
  }
}
await b.close();
