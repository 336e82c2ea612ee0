// Whether people take calls, and which groups they are in, from their own profile and from the admins' side.
import assert from "node:assert/strict";

import { links } from "../lib/pages.mjs";
import { at, both, heading, isRefused, press, row, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

both("away, and available again", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  const dana = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD);
  assert.equal(at(dana), "/profile");

  // Dana alone is in a group.
  await page.goto("/settings/user-groups/new");
  await page.getByLabel("Name", { exact: true }).fill("Dana's Desk");
  await page.getByRole("checkbox", { name: /dana\.silva@acme\.test/ }).check();
  assert.equal(await press(page, "Save Group"), 200);
  const next = () => page.locator(".ringing").innerText();
  assert.match(await next(), /Dana Silva\.\s+1 of 1 reachable/);

  await dana.reload();
  assert.match(await dana.getByRole("region", { name: "Role, numbers and groups" }).innerText(), /Dana's Desk/);
  await dana.getByRole("radio", { name: /^Away/ }).check();
  assert.equal(await press(dana, "Save Availability"), 200);
  assert.equal(await dana.getByRole("radio", { name: /^Away/ }).isChecked(), true);
  await page.reload();
  assert.match(await next(), /Nobody can ring: calls go to the fallback at once\.\s+0 of 1 reachable/);
  assert.match(await row(page, "dana.silva@acme.test").innerText(), /Away/);
  await dana.getByRole("radio", { name: /^Available/ }).check();
  assert.equal(await press(dana, "Save Availability"), 200);
  await page.reload();
  assert.match(await next(), /1 of 1 reachable/);
});

both("the groups of a member", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  const groups = await links(page, "/settings/user-groups");
  const chen = (await links(page, "/settings/team/members?role=supervisor"))["Chen Wei"];
  await page.goto(chen);
  assert.equal(await heading(page), "Chen Wei");
  const ticked = () => page.getByRole("region", { name: "Groups" }).getByRole("checkbox", { checked: true });
  const before = await ticked().count();
  for (const name of Object.keys(groups)) await page.getByRole("checkbox", { name: new RegExp(`^${name}`) }).setChecked(name !== "Front Desk");
  assert.equal(await press(page, "Save Groups"), 200);
  assert.equal(await ticked().count(), 2, `${before} before`);
  for (const [name, href] of Object.entries(groups)) {
    await page.goto(href);
    assert.equal(await row(page, "chen.wei@acme.test").count(), name === "Front Desk" ? 0 : 1, name);
  }

  // A group that is deleted while the page is open.
  await page.goto(chen);
  const other = await open(portal);
  await signIn(other, "ada.okafor@acme.test", DEMO_PASSWORD);
  await other.goto(`${groups["Tier 2 Support"]}/removal`);
  assert.equal(await press(other, "Delete Group"), 200);
  await page.getByRole("checkbox", { name: /^Front Desk/ }).check();
  await isRefused(page, await press(page, "Save Groups"), ["A group you chose was deleted meanwhile. Choose again."]);
  assert.equal(await page.getByRole("checkbox", { name: /^Front Desk/ }).isChecked(), true, "what was chosen stays");
  assert.equal(await press(page, "Save Groups"), 200);
});
