// What every page is measured by: axe, one heading, a title, no sideways scrolling.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds, a line each. */
export async function violations(page) {
  await page.evaluate(AXE);
  const results = await page.evaluate((tags) => axe.run({ runOnly: tags, rules: { "target-size": { enabled: true } } }), TAGS);
  const ran = [...results.passes, ...results.violations, ...results.incomplete, ...results.inapplicable].map((rule) => rule.id);
  assert.ok(ran.includes("target-size") && ran.includes("color-contrast"), "axe measures targets and contrast");
  return results.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary.replace(/\s+/g, " ").slice(0, 240)})`));
}

/** What is wrong with the document itself. */
export function flaws(page) {
  return page.evaluate(() => {
    const wrong = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (all("h1").length !== 1) wrong.push(`${all("h1").length} h1`);
    if (!document.documentElement.lang) wrong.push("no language");
    if (!document.title.trim()) wrong.push("no title");
    const ids = all("[id]").map((it) => it.id);
    for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) wrong.push(`the id ${id} twice`);
    if (all("[style], style, script:not([src])").length) wrong.push("styles or scripts inside the page");
    for (const link of all("a[href^='/']")) if (/\s/.test(link.getAttribute("href"))) wrong.push(`a link with a space: ${link.href}`);
    return wrong;
  });
}

/** What sticks out at `width` pixels, if the page scrolls sideways there. */
export async function sticksOut(page, width = 320) {
  await page.setViewportSize({ width, height: 700 });
  return page.evaluate((width) => {
    if (document.documentElement.scrollWidth <= width) return [];
    const far = [...document.body.querySelectorAll("*")].filter((it) => it.getBoundingClientRect().right > width + 1);
    return [`scrolls to ${document.documentElement.scrollWidth} px`, ...far.slice(-3).map((it) => it.outerHTML.slice(0, 120))];
  }, width);
}
