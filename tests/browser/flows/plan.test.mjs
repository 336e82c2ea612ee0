// Another plan, and the end of an account: what it costs is said before the button.
import assert from "node:assert/strict";

import { closeNow } from "../lib/billing.mjs";
import { enter } from "../lib/keyboard.mjs";
import { at, both, flash, heading, isRefused, press, row, signIn, visit } from "../lib/people.mjs";
import { PASSWORD, Portal } from "../lib/portal.mjs";

const PLAN = "/settings/billing/plan";
const CANCELLATION = "/settings/account/cancellation";
const amount = (page) => page.locator("[name=shown]").first().inputValue();

both("an upgrade by keyboard, and a second click from another window", async (t, open) => {
  const portal = await Portal.acme(t);
  const [page, other] = [await open(portal), await open(portal)];
  for (const window of [page, other]) {
    assert.equal(await signIn(window, "ada@acme.test", PASSWORD), 200);
    assert.equal(await visit(window, PLAN), 200);
    await window.getByRole("radio", { name: /^Pro Plus/ }).check();
    assert.equal(await enter(window, "Continue"), 200);
    assert.equal(await heading(window), "Change to Pro Plus, monthly?");
  }
  const today = `$${await amount(page)}`;
  assert.match(await row(page, "Today").innerText(), new RegExp(today.replaceAll(/[$.]/g, "\\$&")));
  assert.match(await row(page, "Next invoice").innerText(), /2 × \$89\.00/);
  assert.equal(await enter(page, "Change plan"), 200);
  assert.equal(await flash(page), `You are on Pro Plus now. ${today} was charged.`);
  assert.equal(at(page), "/settings/billing");
  await page.goto(PLAN);
  assert.equal(await page.getByRole("radio", { name: /^Pro Plus \(your plan\)/ }).isChecked(), true);
  assert.equal(await enter(other, "Change plan"), 200);
  assert.equal(await flash(other), "It is so already. Nothing was changed and nothing charged.");
  assert.match(await page.locator("main").innerText(), /You have Pro Plus, monthly: 2 paid seats at \$89\.00 a month/);
});

both("a downgrade is chosen, shown and withdrawn", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  assert.equal(await signIn(page, "ada@acme.test", PASSWORD), 200);
  await page.goto(PLAN);
  await page.getByRole("radio", { name: /^Team/ }).check();
  await page.getByRole("radio", { name: /^Yearly/ }).check();
  assert.equal(await press(page, "Continue"), 200);
  assert.equal(await heading(page), "Change to Team, yearly?");
  assert.equal(await amount(page), "0.00");
  assert.equal(await press(page, "Change plan"), 200);
  assert.match(await flash(page), /^Team, yearly, from .* on\. Nothing was charged\.$/);
  await page.goto(PLAN);
  assert.match(await page.locator("main").innerText(), /Team, yearly, is chosen from .* on\./);
  assert.equal(await press(page, "Stay on Pro, monthly"), 200);
  assert.equal(await flash(page), "You stay on Pro, monthly. Nothing was charged.");
  await page.goto(PLAN);
  assert.equal(await page.getByRole("button", { name: /^Stay on/ }).count(), 0);
});

both("cancelled, kept, closed and reopened", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  assert.equal(await signIn(page, "ada@acme.test", PASSWORD), 200);
  await page.goto("/settings/account");
  await page.getByRole("link", { name: "Cancel the account" }).click();
  await page.waitForURL(`**${CANCELLATION}`);
  assert.equal(await heading(page), "Cancel the account?");
  await isRefused(page, await press(page, "Cancel account"), ["Enter your current password."]);
  await page.getByLabel("Your current password").first().fill(PASSWORD);
  assert.equal(await press(page, "Cancel account"), 200);
  assert.match(await flash(page), /^The account is cancelled\. It closes on /);
  await portal.mail("ada@acme.test", /^Acme closes on /);
  await page.getByLabel("Your current password").first().fill(PASSWORD);
  assert.equal(await press(page, "Keep the account"), 200);
  assert.equal(await flash(page), "The account stays open. Nothing was charged.");
  await page.goto(CANCELLATION);
  assert.equal(await heading(page), "Cancel the account?");

  await closeNow(portal, "acme");
  assert.equal(await visit(page, "/settings/team/members"), 200);
  assert.equal(at(page), CANCELLATION);
  assert.equal(await heading(page), "The account is closed");
  assert.match(await page.locator("main").innerText(), /\$98\.00 \(2 × \$49\.00\)/);
  for (const link of ["Members (CSV)", "Numbers (CSV)", "Audit log (CSV)"]) {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
    assert.match(file.suggestedFilename(), /\.csv$/);
  }
  await page.getByLabel("Your current password").first().fill(PASSWORD);
  assert.equal(await press(page, "Reopen account"), 200);
  assert.equal(await flash(page), "The account is open again. $98.00 was charged (2 × $49.00).");
  assert.equal(await visit(page, "/settings/team/members"), 200);
  assert.equal(at(page), "/settings/team/members");
});
