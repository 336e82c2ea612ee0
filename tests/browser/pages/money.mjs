// Pages that say what an act costs, for the sweep: somebody comes back.
import assert from "node:assert/strict";

import { get } from "../lib/pages.mjs";
import { press } from "../lib/people.mjs";

const LIST = "/settings/team/members";
const at = (who, noun) => (world) => `${world[who]}/${noun}`;

/** Somebody is out. */
async function out(page, world) {
  await page.goto(`${world.comesAndGoes}/deactivation`);
  const button = page.getByRole("button", { name: "Deactivate", exact: true });
  if ((await button.count()) > 0) assert.equal(await press(page, "Deactivate"), 200);
}

/** After `prepareEndings`, which finds the people. */
export const MONEY_PAGES = [
  ["owner", "reactivation", async (page, world) => {
    await out(page, world);
    await page.goto(`${world.comesAndGoes}/reactivation`);
    await page.getByRole("region", { name: "Billing" }).waitFor();
  }, `${LIST}/{id}/reactivation`],
  ["owner", "reactivation-outdated=", async (page, world) => {
    await out(page, world);
    await page.goto(`${world.comesAndGoes}/reactivation`);
    await page.locator("[name=shown]").evaluate((field) => { field.value = "12345.67"; });
    assert.equal(await press(page, "Reactivate"), 409);
  }, ""],
  ["owner", "reactivation-barred", get(at("manager", "reactivation")), ""],
  ["owner", "restoration", get(at("gone", "restoration")), `${LIST}/{id}/restoration`],
  ["owner", "invite-open-billing=", async (page) => {
    await page.goto(`${LIST}/new`);
    await page.getByText("How this is worked out").click();
  }, ""],
];
