// Using a page by keyboard alone.
import assert from "node:assert/strict";

/** What has the focus, by its accessible words; nothing when nothing on the page has it. */
export const focused = (page) =>
  page.evaluate(() => {
    const it = document.activeElement;
    if (!it || it === document.body) return "";
    return (it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent).replace(/\s+/g, " ").trim();
  });

/** Presses Tab until `name` has the focus: its words, or the beginning of them. */
export async function tabTo(page, name, most = 80) {
  const seen = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const words = await focused(page);
    if (words === name || words.startsWith(`${name} `)) return;
    seen.push(words);
  }
  assert.fail(`Tab never reached ${name}: ${seen.join(" | ")}`);
}

/** Goes to `name` with Tab and follows it with Enter; gives the status of the page it leads to. */
export async function enter(page, name, most) {
  await tabTo(page, name, most);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && (response.status() < 300 || response.status() >= 400)),
    page.waitForEvent("load"),
    page.keyboard.press("Enter"),
  ]);
  return answer.status();
}
