// What the menu of somebody invited offers, by keyboard alone.
import assert from "node:assert/strict";

import { focused, tabTo } from "../lib/keyboard.mjs";
import { at, both, flash, heading, invite, join, row, signIn, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";

async function openMenu(page, email) {
  await page.goto("/settings/team/members");
  await tabTo(page, `Actions for ${email}`);
  await page.keyboard.press("Enter");
  const menu = row(page, email).locator(".menu");
  await menu.waitFor({ state: "visible" });
  return menu;
}

/** Chooses an entry of the open menu with Tab and Enter. */
async function choose(page, name) {
  await tabTo(page, name);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

both("resend, link and cancel by keyboard", async (t, open, js) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  await signIn(page, "ada@acme.test", PASSWORD);
  const email = "bruno@acme.test";
  await invite(page, email);
  const mail = await portal.mail(email, /invited you/);

  const menu = await openMenu(page, email);
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  assert.equal(await focused(page), `Actions for ${email}`, "Escape leads back to the button");
  if (js) {
    await page.keyboard.press("ArrowDown");
    await menu.waitFor({ state: "visible" });
    assert.equal(await focused(page), "Resend");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "Show invite link");
    await page.keyboard.press("End");
    assert.equal(await focused(page), "Cancel invite");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), "Resend");
    await page.keyboard.press("Escape");
  }

  await openMenu(page, email);
  await choose(page, "Resend");
  assert.equal(at(page), "/settings/team/members");
  assert.match(await flash(page), /^An invite was sent to them a moment ago\. Wait \d+ seconds? before sending another\.$/);
  assert.equal((await page.reload()).status(), 200);
  assert.equal(await page.locator("main > .alert").count(), 0, "a flash is shown once");

  await openMenu(page, email);
  await choose(page, "Show invite link");
  assert.equal(await heading(page), "Invite link");
  const link = await page.getByLabel("Link").inputValue();
  assert.ok(link.startsWith(`${portal.url}/invitations/`) && link !== mail.link, link);
  assert.equal(await page.getByRole("button", { name: "Copy link" }).isVisible(), js, "Copy needs JavaScript, the link does not");
  const stranger = await open(portal);
  assert.equal(await visit(stranger, mail.link), 410);
  assert.equal(await heading(stranger), "There is a newer invitation");
  assert.equal(await visit(stranger, link), 200);
  await page.goto("/settings/team/members");
  assert.match(await row(page, email).innerText(), /Link handed over by hand/);
  assert.equal(await join(stranger, link, "Bruno", "Díaz", OTHER_PASSWORD), 200);
  assert.equal(at(stranger), "/profile", "an Agent begins at the profile");

  await invite(page, "chen@acme.test");
  const second = await portal.mail("chen@acme.test", /invited you/);
  await openMenu(page, "chen@acme.test");
  await choose(page, "Cancel invite");
  assert.match(await flash(page), /^The invite of chen@acme\.test is cancelled\. Its link no longer works\.$/);
  assert.equal(await row(page, "chen@acme.test").count(), 0);
  const third = await open(portal);
  assert.equal(await visit(third, second.link), 410);
  assert.equal(await heading(third), "This invitation was cancelled");
  await page.goto("/settings/team/members?status=removed");
  assert.match(await row(page, "chen@acme.test").innerText(), /Invite cancelled/);
});
