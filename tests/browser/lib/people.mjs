// Chromium, and people who use it. Whatever a page complains about fails the test.
import assert from "node:assert/strict";
import fs from "node:fs";
import test, { after } from "node:test";
import { chromium } from "playwright-core";

import { later } from "./later.mjs";

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Chromium refuses its sandbox to root.
  ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
];

const PROGRAMS = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

let started = null;
after(async () => (await started)?.close());

/** Chromium, started once for the tests of a file. */
function browser() {
  const executablePath = PROGRAMS.find((program) => program && fs.existsSync(program));
  assert.ok(executablePath, "there is no Chromium: install it, or name it in CHROMIUM");
  started ??= chromium.launch({ executablePath, args: FLAGS });
  return started;
}

/** One test with JavaScript and one without: `play(t, open)`, where `open(portal)` gives a fresh browser's page. */
export function both(name, play) {
  for (const js of [true, false]) {
    test(`${name}, ${js ? "with" : "without"} JavaScript`, { timeout: 180_000 }, (t) => play(t, (portal, wish) => open(t, portal, { js, ...wish }), js));
  }
}

/** A page of a browser that shares nothing with any other. */
export async function open(t, portal, { js = true, width = 1280, height = 900, scheme = "light" } = {}) {
  const phone = width < 500;
  const context = await (await browser()).newContext({
    acceptDownloads: true,
    baseURL: portal.url,
    colorScheme: scheme,
    hasTouch: phone,
    isMobile: phone,
    javaScriptEnabled: js,
    viewport: { width, height },
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.complaints = [];
  listen(page);
  later(t, async () => {
    await context.close();
    assert.deepEqual(page.complaints, [], "the console stays quiet");
  });
  return page;
}

/** Collects errors of scripts, of the content security policy, and of whatever the page loads. */
function listen(page) {
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    // That a page itself answers 404 or 422 is news to the console, but not to us.
    const ofThePage = message.text().startsWith("Failed to load resource") && !new URL(message.location().url || page.url()).pathname.startsWith("/static/");
    if (!ofThePage) page.complaints.push(`${message.text()} (${page.url()})`);
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    // A download, and a page left while it loads, count as aborted.
    if (why !== "net::ERR_ABORTED") page.complaints.push(`${request.url()}: ${why}`);
  });
}

/** The page's answer as a number. */
export async function visit(page, path) {
  const answer = await page.goto(path);
  return answer.status();
}

/** Presses a button and gives the status of the page it leads to. */
export async function press(page, name, within = page) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest() && (response.status() < 300 || response.status() >= 400)),
    within.getByRole("button", { name, exact: true }).click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

export async function signIn(page, email, password) {
  await page.goto("/login");
  await page.getByLabel("Email or username").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  return press(page, "Sign in");
}

/** Opens the menu under the name at the top. */
export async function accountMenu(page) {
  await page.getByRole("button", { name: /^Account menu/ }).click();
  return page.locator("#account-menu");
}

export async function signOut(page) {
  return press(page, "Sign out", await accountMenu(page));
}

export async function invite(page, emails, role) {
  await page.goto("/settings/team/members/new");
  await page.getByLabel("Email").fill(emails);
  if (role) await page.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
  return press(page, "Send Invite");
}

/** Follows an invitation's link and joins. */
export async function join(page, link, first, last, password) {
  await page.goto(link);
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByLabel("Password", { exact: true }).fill(password);
  return press(page, /^Join /);
}

/** The row of somebody in a table. */
export function row(page, name) {
  return page.getByRole("row").filter({ hasText: name });
}

export const heading = (page) => page.getByRole("heading", { level: 1 }).innerText();
export const flash = (page) => page.locator("main > .alert[role=status]").innerText();
/** Where the page is, without the origin. */
export const at = (page) => page.url().slice(new URL(page.url()).origin.length);

/** The page was refused: 422 again, saying so first, with the focus on what is wrong. */
export async function isRefused(page, status, sentences) {
  assert.equal(status, 422);
  assert.match(await page.title(), /^Error: /);
  const summary = page.locator(".summary:focus");
  assert.equal(await summary.count(), 1, "the summary has the focus");
  const said = await summary.innerText();
  for (const sentence of sentences) assert.ok(said.includes(sentence), `${JSON.stringify(said)} has ${JSON.stringify(sentence)}`);
}
