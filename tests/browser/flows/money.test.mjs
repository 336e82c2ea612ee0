// Money before the button: what a seat costs is said first, and an outdated page charges nothing.
import assert from "node:assert/strict";

import { links } from "../lib/pages.mjs";
import { both, flash, heading, press, row, signIn } from "../lib/people.mjs";
import { PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/team/members";
const box = (page) => page.getByRole("region", { name: "Billing" }).innerText();

/** Makes a user by username, and gives what the page said before. */
async function make(page, username) {
  await page.goto("/settings/team/username-members/new");
  const said = await box(page);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("First name").fill(username);
  assert.equal(await press(page, "Create User"), 200);
  return said;
}

both("every seat says its price first", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  await signIn(page, "ada@acme.test", PASSWORD);
  await page.goto(LIST);
  assert.match(await page.getByRole("region", { name: "Seats" }).innerText(), /2 paid seats until .*, one of them vacant · \$49\.00\/seat, renews /);

  // The plan's minimum of two seats is paid: the first to come costs nothing, the next one does.
  assert.match(await make(page, "front"), /No charge: one of 2 paid seats is vacant until/);
  const paid = await make(page, "back");
  assert.match(paid, /2 → 3 seats · Today: \$\d+\.\d\d \(\$49\.00 × \d+ of \d+ days\) · Invoice of \d+ \w+ \d+: \$147\.00/);
  const [, amount] = /Today: (\$\d+\.\d\d)/.exec(paid);
  assert.ok((await page.locator("main").innerText()).includes(`${amount} was charged for`));

  // An invitation says what its acceptance costs.
  await page.goto(`${LIST}/new`);
  assert.ok((await box(page)).includes(`3 → 4 seats · Today: ${amount}`));
  assert.match(await box(page), /Nothing if the invite expires/);
  await page.getByLabel("Email").fill("eli@acme.test");
  assert.equal(await press(page, "Send Invite"), 200);
  assert.equal(await flash(page), `Invite sent to eli@acme.test. ${amount} when accepted today.`);

  // Somebody goes, and somebody else takes the seat that is paid: coming back costs one more, on a page of its own.
  const people = await links(page, LIST);
  await page.goto(`${people.back}/deactivation`);
  assert.equal(await press(page, "Deactivate"), 200);
  assert.match(await make(page, "third"), /No charge: one of 3 paid seats is vacant/);
  await page.goto(`${LIST}?status=deactivated`);
  await page.getByRole("button", { name: "Actions for back", exact: true }).click();
  await row(page, "back").locator(".menu").getByRole("link", { name: "Reactivate" }).click();
  assert.equal(await heading(page), "Reactivate back?");
  assert.ok((await box(page)).includes(`3 → 4 seats · Today: ${amount}`));

  // Before the button is pressed, a seat becomes free elsewhere.
  const other = await open(portal);
  await signIn(other, "ada@acme.test", PASSWORD);
  await other.goto(`${(await links(other, LIST)).third}/deactivation`);
  assert.equal(await press(other, "Deactivate"), 200);
  assert.equal(await press(page, "Reactivate"), 409);
  const said = await page.locator(".summary:focus").innerText();
  assert.ok(said.includes(`the page showed ${amount}, and it is $0.00 now. Nothing was done and nothing was charged.`), said);
  assert.match(await box(page), /No charge: one of 3 paid seats is vacant/);
  assert.equal(await press(page, "Reactivate"), 200);
  assert.equal(await flash(page), "back is active again, with role, groups and numbers as before.");
});
