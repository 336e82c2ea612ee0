// Somebody leaves: out and back, removed and restored, removed and erased.
import assert from "node:assert/strict";

import { links } from "../lib/pages.mjs";
import { at, both, flash, heading, isRefused, press, row, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/team/members";

/** The ⋮ menu of somebody on the list. */
async function menu(page, name) {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  return row(page, name).locator(".menu");
}

both("deactivated with Undo, and reactivated", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  const dana = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD);
  await page.goto(`${LIST}?q=dana.silva`);
  await (await menu(page, "Dana Silva")).getByRole("link", { name: "Deactivate" }).click();
  assert.equal(await heading(page), "Deactivate Dana Silva?");
  assert.match(await row(page, "Sign-in").innerText(), /1 session ends at once\./);
  assert.equal(await press(page, "Deactivate"), 200);
  assert.match(await flash(page), /^Dana Silva is deactivated and signed out everywhere\./);
  await dana.goto("/profile");
  assert.equal(at(dana), "/login?next=%2Fprofile");
  await isRefused(dana, await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD), []);
  assert.equal(await press(page, "Undo"), 200);
  assert.equal(await heading(page), "Dana Silva");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD), 200);

  // The Owner's own menu says why there is nothing to choose.
  await page.goto(`${LIST}?role=owner`);
  assert.match(await (await menu(page, "Ada Okafor")).innerText(), /The Owner cannot be deactivated or removed/);
});

both("removed from the profile, restored, removed and erased", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  const profile = (await links(page, `${LIST}?role=admin`))["Bruno Díaz"];
  await page.goto(profile);
  await page.getByRole("region", { name: "Delete this user" }).getByRole("link", { name: "Delete" }).click();
  assert.equal(await heading(page), "Delete Bruno Díaz?");
  await page.getByLabel("Send their calls to").selectOption({ label: "User group Front Desk" });
  assert.equal(await press(page, "Yes"), 200);
  assert.match(await flash(page), /^Bruno Díaz is removed\. Data deleted on /);

  await page.goto(`${LIST}?status=removed`);
  assert.match(await row(page, "Bruno Díaz").innerText(), /Data deleted on \d+ \w+ \d{4}/);
  assert.equal(await press(page, "Restore", await menu(page, "Bruno Díaz")), 200);
  assert.match(await flash(page), /^Bruno Díaz is restored and active, with \d groups? and 1 number\./);

  await page.goto(`${LIST}?role=admin`);
  await (await menu(page, "Bruno Díaz")).getByRole("link", { name: "Remove Member" }).click();
  assert.equal(await heading(page), "Remove Bruno Díaz?");
  assert.equal(await page.getByRole("link", { name: "Deactivate instead" }).count(), 1);
  assert.equal(await press(page, "Remove Member"), 200);

  // The address says what can be done about it.
  await page.goto(`${LIST}/new`);
  await page.getByLabel("Email").fill("bruno.diaz@acme.test");
  assert.equal(await press(page, "Send Invite"), 422);
  assert.equal(await page.getByRole("button", { name: "Restore", exact: true }).count(), 1);
  assert.equal(await press(page, "Fresh start"), 200);
  assert.match(await flash(page), /^Invite sent to bruno\.diaz@acme\.test\./);

  await page.goto(profile);
  await page.getByRole("link", { name: "Erase now" }).click();
  await page.getByLabel("Your password").first().fill("not my passphrase");
  await isRefused(page, await press(page, "Erase now"), ["This is not your current password."]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await page.getByLabel("Your password").first().fill(DEMO_PASSWORD);
  assert.equal(await press(page, "Erase now"), 200);
  assert.match(await flash(page), /^The personal data is erased\./);
  assert.equal(await visit(page, profile), 404);
  await page.goto("/settings/audit-log");
  assert.match(await page.locator("main").innerText(), /Former member/);
});
