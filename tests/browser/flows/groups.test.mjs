// User groups: creating, people, the name, who rings next, deleting.
import assert from "node:assert/strict";

import { enter, tabTo } from "../lib/keyboard.mjs";
import { links } from "../lib/pages.mjs";
import { at, both, flash, heading, isRefused, press, row, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/user-groups";

/** The Owner of the sample company, and its groups. */
async function ada(t, open) {
  const portal = await Portal.demo(t, 60);
  const page = await open(portal);
  assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  return { page, groups: await links(page, LIST) };
}

const person = (page, email) => page.getByRole("checkbox", { name: new RegExp(email.replaceAll(".", "\\.")) });
const people = (page) => page.locator("tbody th .under").allInnerTexts();

both("a group with people found by name and by email", async (t, open) => {
  const { page } = await ada(t, open);
  await page.getByRole("link", { name: "Create Group" }).click();
  assert.equal(await heading(page), "Create Group");
  await person(page, "bruno.diaz@acme.test").check();
  await isRefused(page, await press(page, "Save Group"), ["name"]);
  assert.equal(await person(page, "bruno.diaz@acme.test").isChecked(), true, "a refusal keeps the ticks");

  await page.getByLabel("Name", { exact: true }).fill("Night Shift");
  await page.getByLabel("Find members").fill("CHEN.WEI@acme");
  assert.equal(await press(page, "Search"), 200);
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Night Shift");
  assert.equal(await person(page, "bruno.diaz@acme.test").isChecked(), true, "a search keeps the ticks");
  assert.equal(await person(page, "dana.silva@acme.test").count(), 0, "and shows who fits");
  await person(page, "chen.wei@acme.test").check();
  await page.getByLabel("Find members").fill("Dana Silva");
  assert.equal(await press(page, "Search"), 200);
  await person(page, "dana.silva@acme.test").check();
  await page.getByLabel("Find members").fill("nobody-is-called-so");
  assert.equal(await press(page, "Search"), 200);
  assert.equal(await page.getByRole("checkbox", { checked: true }).count(), 3);
  await page.getByLabel("Name", { exact: true }).fill("front desk");
  await isRefused(page, await press(page, "Save Group"), ["Another group has this name already."]);
  assert.equal(await page.getByRole("checkbox", { checked: true }).count(), 3);
  await page.getByLabel("Name", { exact: true }).fill("Night Shift");
  assert.equal(await press(page, "Save Group"), 200);

  assert.equal(await heading(page), "Night Shift");
  assert.match(await flash(page), /^Night Shift is created\./);
  assert.deepEqual((await people(page)).sort(), ["bruno.diaz@acme.test", "chen.wei@acme.test", "dana.silva@acme.test"]);

  await page.getByRole("link", { name: "Add Members" }).click();
  assert.equal(await heading(page), "Add Members");
  assert.equal(await person(page, "bruno.diaz@acme.test").isDisabled(), true, "whoever is in it cannot be added again");
  await isRefused(page, await press(page, "Add Members"), ["Tick at least one member."]);
  await page.getByLabel("Find members").fill("ada.okafor");
  assert.equal(await press(page, "Search"), 200);
  await person(page, "ada.okafor@acme.test").check();
  assert.equal(await press(page, "Add Members"), 200);
  assert.equal(await flash(page), "1 person added.");
  assert.equal((await people(page)).length, 4);

  assert.equal(await press(page, "Remove Chen Wei from Night Shift"), 200);
  assert.equal(await flash(page), "Chen Wei is no longer in this group.");
  assert.equal((await people(page)).includes("chen.wei@acme.test"), false);

  await page.getByText("Rename this group").click();
  await page.getByLabel("Name", { exact: true }).fill("  Late   Shift ");
  assert.equal(await press(page, "Save name"), 200);
  assert.equal(await heading(page), "Late Shift");
  await page.goto(`${LIST}?q=LATE`);
  assert.match(await row(page, "Late Shift").innerText(), /\b3\b[\s\S]*Simultaneous[\s\S]*Always open[\s\S]*Voicemail/);
});

both("how it rings, and where calls go that nobody takes", async (t, open, js) => {
  const { page, groups } = await ada(t, open);
  const next = () => page.locator(".ringing").innerText();
  await page.goto(groups["Front Desk"]);
  assert.match(await next(), /all at once\./);
  await page.getByRole("link", { name: "Settings", exact: true }).last().click();
  await page.getByRole("radio", { name: /^Round-robin/ }).check();
  await page.getByLabel("Ring for, in seconds").fill("4");
  await isRefused(page, await press(page, "Save ring strategy"), ["from 5 to 600"]);
  assert.equal(await page.getByRole("radio", { name: /^Round-robin/ }).isChecked(), true);
  await page.getByLabel("Ring for, in seconds").fill("45");
  assert.equal(await press(page, "Save ring strategy"), 200);
  assert.equal(await flash(page), "How the group rings is saved.");
  await page.goto(groups["Front Desk"]);
  assert.match(await next(), /, then [\s\S]* one after another\.[\s\S]*in order of joining/);

  // West Coast Sales falls back to Tier 2 Support, and that to the Front Desk.
  await page.goto(`${groups["Front Desk"]}/settings`);
  if (!js) await page.getByRole("radio", { name: "Another group" }).check();
  await page.getByLabel("Group", { exact: true }).selectOption("West Coast Sales");
  assert.equal(await page.getByRole("radio", { name: "Another group" }).isChecked(), true);
  const circle = "Calls would go in a circle: Front Desk → West Coast Sales → Tier 2 Support → Front Desk.";
  await isRefused(page, await press(page, "Save fallback"), [circle]);
  assert.equal(await page.getByLabel("Group", { exact: true }).locator("option:checked").innerText(), "West Coast Sales");
  await page.getByRole("radio", { name: "An outside number" }).check();
  await page.getByRole("textbox", { name: "Outside number" }).fill("4.4E+11");
  await isRefused(page, await press(page, "Save fallback"), ["4.4E+11 was rounded by a spreadsheet"]);
  assert.equal(await page.getByRole("textbox", { name: "Outside number" }).inputValue(), "4.4E+11");
  await page.getByRole("textbox", { name: "Outside number" }).fill("+1 (415) 555-2671");
  assert.equal(await press(page, "Save fallback"), 200);
  await page.goto(LIST);
  assert.match(await row(page, "+1 415-555-2671").innerText(), /^Front Desk/);
});

both("deleting a group that others point at", async (t, open) => {
  const { page, groups } = await ada(t, open);
  const crew = async () => ((await page.goto(groups["Tier 2 Support"])), people(page));
  await page.goto(`${groups["Front Desk"]}/removal`);
  await page.getByRole("radio", { name: "Another group" }).check();
  await page.getByLabel("Group", { exact: true }).selectOption("West Coast Sales");
  const circle = "Calls would go in a circle: Tier 2 Support → West Coast Sales → Tier 2 Support.";
  await isRefused(page, await press(page, "Delete Group"), [circle]);
  const [first] = await crew();
  await page.getByRole("link", { name: "Delete Group" }).click();
  assert.equal(await heading(page), "Delete Tier 2 Support?");
  const table = page.getByRole("table", { name: "What points at this group" });
  assert.match(await table.innerText(), /West Coast Sales\s+Its fallback becomes the replacement\./);
  assert.match(await table.innerText(), /\+1 212-555-0142\s+It becomes unassigned; its incoming calls go to the replacement\./);
  await page.getByRole("radio", { name: "Another group" }).check();
  await page.getByLabel("Group", { exact: true }).selectOption("Front Desk");
  assert.equal(await press(page, "Delete Group"), 200);
  assert.equal(at(page), LIST);
  assert.equal(await flash(page), "Tier 2 Support is deleted. Nobody was deactivated.");
  assert.match(await row(page, "West Coast Sales").innerText(), /Front Desk/);
  await page.goto("/settings/numbers?q=5550142");
  assert.match(await row(page, "+1 212-555-0142").innerText(), /Front Desk/);
  await page.goto(`/settings/team/members?q=${encodeURIComponent(first)}`);
  assert.match(await row(page, first).innerText(), /Active/);
  assert.equal((await page.goto(groups["Tier 2 Support"])).status(), 404);
});

both("a group by keyboard alone", async (t, open) => {
  const { page } = await ada(t, open);
  assert.equal(await enter(page, "Create Group"), 200);
  await tabTo(page, "Name");
  await page.keyboard.type("Keys Only");
  await tabTo(page, "Bruno Díaz");
  await page.keyboard.press("Space");
  assert.equal(await enter(page, "Save Group"), 200);
  assert.equal(await heading(page), "Keys Only");
  await tabTo(page, "Rename this group");
  await page.keyboard.press("Enter");
  await tabTo(page, "Name");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Fingers");
  assert.equal(await enter(page, "Save name"), 200);
  assert.equal(await heading(page), "Fingers");
  assert.equal(await enter(page, "Delete Group"), 200);
  assert.equal(await enter(page, "Delete Group"), 200);
  assert.equal(at(page), LIST);
});

both("Enter in the name saves, Enter in the search searches", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await page.goto("/settings/user-groups/new");
  await page.getByRole("searchbox", { name: /^Find members/ }).fill("chen.wei@");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.equal(await heading(page), "Create Group");
  await page.getByRole("checkbox", { name: /^Chen Wei/ }).check();
  await page.getByLabel("Name", { exact: true }).fill("By Enter");
  await page.getByLabel("Name", { exact: true }).press("Enter");
  await page.getByRole("heading", { level: 1, name: "By Enter" }).waitFor();
  assert.match(await flash(page), /^By Enter is created\./);
});
