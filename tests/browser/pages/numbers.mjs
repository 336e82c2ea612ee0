// The pages of numbers, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, links, refused, send } from "../lib/pages.mjs";
import { press } from "../lib/people.mjs";

const LIST = "/settings/numbers";

/** Something of every kind: rows to add, to skip and with errors. */
export const FILE = [
  "number;label;assignee;incoming",
  "+1 212-555-0111;Reception;bruno.diaz@acme.test;assignee",
  "+1 212-555-0112;;group:Front Desk;voicemail",
  "+1 212-555-0112;Again;;",
  "+1 212-555-0100;Main line;;",
  "4.4E+11;From a spreadsheet;;",
  "+1 212-555-0113;Nobody's;nobody.is.called.so@acme.test;",
].join("\n");

export const csv = (text) => ({ name: "our-numbers.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

async function upload(page, text) {
  await page.goto(`${LIST}/import`);
  await page.getByLabel("CSV file").setInputFiles(csv(text));
  return press(page, "Continue");
}

/** What these pages need in the sample company; `page` is its Owner's. After `prepareGroups`. */
export async function prepareNumbers(page, world) {
  await page.goto(LIST);
  await page.getByLabel("Number", { exact: true }).fill("+1 212-555-0150");
  await page.getByLabel("Label (optional)").fill("Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverkaufsstelle-Wien");
  assert.equal(await press(page, "Add Number"), 200);
  const found = await links(page, LIST);
  world.held = found["+1 415-555-0123"];
  world.main = found["+1 212-555-0100"];
  world.free = found["+1 212-555-0189"];
  world.long = found["+1 212-555-0150"];
  await page.goto(`${world.long}/incoming`);
  await page.getByRole("radio", { name: /^Going Away/ }).check();
  assert.equal(await press(page, "Done"), 200);
  assert.equal(await upload(page, `${FILE}\n+1 212-555-0114;;;`), 200);
  assert.equal(await press(page, "Add 3 Numbers"), 200);
  world.imported = new URL(page.url()).pathname;
  assert.equal(await upload(page, FILE.replaceAll("-011", "-012")), 200);
  world.preview = new URL(page.url()).pathname;
  world.member = (await links(page, "/settings/team/members?role=supervisor"))["Chen Wei"];
}

export const NUMBER_PAGES = [
  ["newcomer", "numbers-empty=", get(LIST), ""],
  ["newcomer", "number-add-refused-alone=", refused(LIST, { number: "4.4E+11" }, "Add Number"), ""],

  ["owner", "numbers", get(LIST), LIST],
  ["owner", "numbers-no-match=", get(`${LIST}?q=nothing-like-it&assigned=no`), ""],
  ["owner", "numbers-menu=", async (page) => {
    await page.goto(LIST);
    await page.getByRole("button", { name: "Actions for +1 212-555-0100" }).click();
    await page.getByRole("link", { name: "Release number" }).waitFor();
  }, ""],
  ["owner", "number-add-refused", refused(LIST, { number: "4.4E+11", label: "Kept" }, "Add Number"), ""],
  ["owner", "number-add-known=", refused(LIST, { number: "+1 212-555-0100" }, "Add Number"), ""],
  ["owner", "number", get((world) => world.held), `${LIST}/{id}`],
  ["owner", "number-unassigned", get((world) => world.free), ""],
  ["owner", "number-lost", get((world) => world.long), ""],
  ["owner", "number-label-stale", send((world) => world.main, { label: "Another one", version: "0" }, "Save Changes", 409), ""],
  ["owner", "number-assignment", get((world) => `${world.held}/assignment`), `${LIST}/{id}/assignment`],
  ["owner", "number-assignment-searched=", get((world) => `${world.free}/assignment?q=nobody-is-called-so`), ""],
  ["owner", "number-assignment-stale", send((world) => `${world.main}/assignment`, { assignee: "none", from: "none" }, "Done", 409), ""],
  ["owner", "number-incoming", get((world) => `${world.held}/incoming`), `${LIST}/{id}/incoming`],
  ["owner", "number-incoming-searched=", get((world) => `${world.free}/incoming?q=front`), ""],
  ["owner", "number-removal-in-use", get((world) => `${world.held}/removal`), `${LIST}/{id}/removal`],
  ["owner", "number-removal", get((world) => `${world.free}/removal`), ""],
  ["owner", "number-removal-refused", async (page, world) => {
    // Somebody assigned it while the question was open.
    await page.goto(`${world.free}/removal`);
    await page.locator("form", { has: page.getByRole("button", { name: "Release Number" }) }).evaluate((it, action) => (it.action = action), `${world.main}/removal`);
    assert.equal(await press(page, "Release Number"), 422);
  }, ""],
  ["owner", "numbers-import", get(`${LIST}/import`), `${LIST}/import`],
  ["owner", "numbers-import-refused", async (page) => assert.equal(await upload(page, "phone,name\n1,2"), 422), ""],
  ["owner", "numbers-import-preview", get((world) => world.preview), `${LIST}/import/{id}`],
  ["owner", "numbers-import-result", get((world) => world.imported), ""],
  ["owner", "member-numbers", get((world) => `${world.member}/numbers`), "/settings/team/members/{id}/numbers"],
  ["owner", "member-numbers-taken=", get((world) => `${world.member}/numbers?q=555-01`), ""],
  ["owner", "member-numbers-no-match=", get((world) => `${world.member}/numbers?q=nothing-like-it`), ""],
  ["owner", "member-numbers-refused", refused((world) => `${world.member}/numbers`, {}, "Done"), ""],
];
