// The pages of user groups, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, links, refused, send } from "../lib/pages.mjs";
import { press } from "../lib/people.mjs";

const LIST = "/settings/user-groups";
const LONG = "Everybody Who Answers in Seventeen Languages, Also at Night and on Public Holidays";

/** What these pages need in the sample company; `page` is its Owner's. */
export async function prepareGroups(page, world) {
  for (const name of [LONG.slice(0, 80), "Going Away"]) {
    await page.goto(`${LIST}/new`);
    await page.getByLabel("Name").fill(name);
    assert.equal(await press(page, "Save Group"), 200);
  }
  const found = await links(page, LIST);
  world.sales = found["West Coast Sales"];
  world.desk = found["Front Desk"];
  world.support = found["Tier 2 Support"];
  world.lonely = found[LONG.slice(0, 80)];
  world.away = found["Going Away"];
}

/** A group that others pointed at goes, so that its traces can be seen. After `prepareNumbers`. */
export async function loseGroup(page, world) {
  await page.goto(`${world.lonely}/settings`);
  await page.getByRole("radio", { name: "Another group" }).check();
  await page.getByLabel("Group", { exact: true }).selectOption("Going Away");
  assert.equal(await press(page, "Save fallback"), 200);
  await page.goto(`${world.away}/removal`);
  assert.equal(await press(page, "Delete Group"), 200);
}

const settings = (group) => (world) => `${world[group]}/settings`;
const removal = (group) => (world) => `${world[group]}/removal`;
const joining = (query) => (world) => `${world.sales}/members${query}`;

export const GROUP_PAGES = [
  ["newcomer", "groups-empty=", get(LIST), ""],
  ["newcomer", "group-new-alone=", get(`${LIST}/new`), ""],

  ["owner", "groups", get(LIST), LIST],
  ["owner", "groups-no-match=", get(`${LIST}?q=nothing-like-it`), ""],
  ["owner", "group-new", get(`${LIST}/new`), `${LIST}/new`],
  ["owner", "group-new-searched=", async (page) => {
    await page.goto(`${LIST}/new`);
    await page.getByLabel("Name").fill("Night Shift");
    await page.getByRole("checkbox", { name: /bruno\.diaz@/ }).check();
    await page.getByLabel("Find members").fill("chen.wei");
    assert.equal(await press(page, "Search"), 200);
  }, ""],
  ["owner", "group-new-nobody=", async (page) => {
    await page.goto(`${LIST}/new`);
    await page.getByLabel("Find members").fill("nobody-is-called-so");
    assert.equal(await press(page, "Search"), 200);
  }, ""],
  ["owner", "group-new-refused", refused(`${LIST}/new`, { name: "Front Desk" }, "Save Group"), ""],
  ["owner", "group", get((world) => world.sales), `${LIST}/{id}`],
  ["owner", "group-least=", get((world) => world.support), ""],
  ["owner", "group-nobody", get((world) => world.lonely), ""],
  ["owner", "group-rename-refused", async (page, world) => {
    await page.goto(world.sales);
    await page.getByText("Rename this group").click();
    await page.getByLabel("Name", { exact: true }).fill("Front Desk");
    assert.equal(await press(page, "Save name"), 422);
  }, ""],
  ["owner", "group-rename-stale=", async (page, world) => {
    await page.goto(world.sales);
    await page.getByText("Rename this group").click();
    await page.locator("[name=version]").evaluate((it) => (it.value = "0"));
    assert.equal(await press(page, "Save name"), 409);
  }, ""],
  ["owner", "group-join", get(joining("")), `${LIST}/{id}/members`],
  ["owner", "group-join-searched=", get(joining("?q=acme.test")), ""],
  ["owner", "group-join-nobody=", get(joining("?q=nobody-is-called-so")), ""],
  ["owner", "group-join-refused", refused(joining(""), {}, "Add Members"), ""],
  ["owner", "group-settings", get(settings("sales")), `${LIST}/{id}/settings`],
  ["owner", "group-settings-always=", get(settings("support")), ""],
  ["owner", "group-settings-lost=", get(settings("lonely")), ""],
  ["owner", "group-settings-draft=", async (page, world) => {
    await page.goto(settings("desk")(world));
    assert.equal(await press(page, "Add hours to Sunday"), 200);
  }, ""],
  ["owner", "group-ring-refused", refused(settings("sales"), { ring_seconds: "4" }, "Save ring strategy"), ""],
  ["owner", "group-hours-refused=", async (page, world) => {
    await page.goto(settings("sales")(world));
    await page.getByLabel("Monday, span 2, opens").fill("11:00");
    await page.getByLabel("Wednesday, span 1, closes").fill("");
    await page.getByLabel("Closed dates").fill("2026-12-25\nBoxing Day");
    assert.equal(await press(page, "Save business hours"), 422);
  }, ""],
  ["owner", "group-greeting-refused=", async (page, world) => {
    await page.goto(settings("sales")(world));
    await page.getByLabel(/^(Sound|Replace) file$/).setInputFiles({ name: "greeting.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("no sound") });
    assert.equal(await press(page, /^(Save|Replace) greeting$/), 422);
  }, ""],
  ["owner", "group-fallback-refused=", async (page, world) => {
    await page.goto(settings("desk")(world));
    await page.getByRole("radio", { name: "Another group" }).check();
    await page.getByLabel("Group", { exact: true }).selectOption("West Coast Sales");
    assert.equal(await press(page, "Save fallback"), 422);
  }, ""],
  ["owner", "group-settings-stale=", send(settings("sales"), { version: "0" }, "Save ring strategy", 409), ""],
  ["owner", "group-removal", get(removal("support")), `${LIST}/{id}/removal`],
  ["owner", "group-removal-unused", get(removal("lonely")), ""],
  ["owner", "group-removal-refused=", refused(removal("support"), { replacement: "phone", replacement_phone: "4.4E+11" }, "Delete Group"), ""],
];
