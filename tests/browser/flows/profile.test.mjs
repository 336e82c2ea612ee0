// One's own profile: theme, password, sessions, email.
import assert from "node:assert/strict";

import { at, both, flash, heading, isRefused, press, row, signIn, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";

both("theme, password and sessions", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  const other = await open(portal);
  await signIn(page, "ada@acme.test", PASSWORD);
  await signIn(other, "ada@acme.test", PASSWORD);

  await page.goto("/profile");
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByLabel("Job title").fill("Head of phones");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  assert.equal(await press(page, "Save Changes"), 200);
  assert.equal(await flash(page), "Your changes are saved.");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.notEqual(await background(), light);
  assert.equal(await page.getByLabel("Job title").inputValue(), "Head of phones");
  await other.goto("/profile");
  assert.equal(await other.locator("html").getAttribute("data-theme"), "dark", "the theme follows the person");
  await page.goto("/settings/audit-log");
  assert.match(await page.locator("main").innerText(), /Asia\/Tokyo/);

  await page.goto("/profile/password");
  await page.getByLabel("Current password").first().fill("not my passphrase");
  await page.getByLabel("New password").first().fill(OTHER_PASSWORD);
  await isRefused(page, await press(page, "Change password"), ["This is not your current password."]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await page.getByLabel("Current password").first().fill(PASSWORD);
  await page.getByLabel("New password").first().fill(OTHER_PASSWORD);
  assert.equal(await press(page, "Change password"), 200);
  assert.match(await flash(page), /^Your password is changed\./);
  await portal.mail("ada@acme.test", /^Your password was changed$/);
  await other.goto("/profile");
  assert.match(at(other), /^\/login\?next=/, "the other browser is signed out");
  await page.reload();
  assert.equal(at(page), "/profile", "this one is not");

  await isRefused(other, await signIn(other, "ada@acme.test", PASSWORD), ["Email or password is wrong."]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(await signIn(other, "ada@acme.test", OTHER_PASSWORD), 200);
  await page.goto("/profile/sessions");
  assert.match(await page.getByRole("table").locator("caption").innerText(), /^2 sessions/);
  const end = page.getByRole("button", { name: /^End session: Chrome on Linux/ });
  assert.equal(await end.count(), 1);
  await Promise.all([page.waitForNavigation(), end.click()]);
  assert.equal(await flash(page), "That session is ended.");
  assert.match(await page.getByRole("table").locator("caption").innerText(), /^1 session,/);
  await other.goto("/profile");
  assert.match(at(other), /^\/login\?next=/);
});

both("email change by link", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  await signIn(page, "ada@acme.test", PASSWORD);
  await page.goto("/profile/email");
  await page.getByLabel("New email").fill("Ada.New@acme.test");
  await page.getByLabel("Current password").first().fill(PASSWORD);
  assert.equal(await press(page, "Send link"), 200);
  assert.match(await flash(page), /a link is on its way/);
  const { link } = await portal.mail("ada.new@acme.test", /^Confirm your new email address$/);

  const elsewhere = await open(portal);
  assert.equal(await visit(elsewhere, link), 200);
  assert.equal(await heading(elsewhere), "Use your new email");
  await page.reload();
  assert.equal(at(page), "/profile", "opening the link changes nothing");
  assert.equal(await press(elsewhere, "Use this address"), 200);
  assert.match(await elsewhere.locator("main").innerText(), /Your new address is in use\. Sign in with it\./);
  await page.reload();
  assert.match(at(page), /^\/login/, "every session ends");
  assert.equal(await visit(elsewhere, link), 410);
  assert.equal(await signIn(page, "ada.new@acme.test", PASSWORD), 200);
  assert.match(await row(page, "ada.new@acme.test").innerText(), /\(you\)/);
  await portal.mail("ada@acme.test", /^Your email address was changed$/);
});

both("the address of a sign-up is confirmed", async (t, open) => {
  const portal = await Portal.acme(t);
  const { link } = await portal.mail("ada@acme.test", /^Confirm your email address$/);
  const page = await open(portal);
  assert.equal(await visit(page, link), 200);
  assert.equal(await press(page, "Confirm address"), 200);
  assert.match(await page.locator("main").innerText(), /Your address is confirmed/);
  assert.equal(await visit(page, link), 410);
  assert.equal(await signIn(page, "ada@acme.test", PASSWORD), 200);
});
