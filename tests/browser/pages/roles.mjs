// The pages of roles and of the transfer, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, links, refused, send } from "../lib/pages.mjs";
import { press } from "../lib/people.mjs";

const LIST = "/settings/team/members";
const ownership = (world) => `${world.dana}/ownership`;

/** What these pages need in the sample company; `page` is its Owner's. */
export async function prepareRoles(page, world) {
  world.dana = (await links(page, `${LIST}?q=dana.silva%40`))["Dana Silva"];
  world.ada = (await links(page, `${LIST}?role=owner`))["Ada Okafor"];
}

export const ROLE_PAGES = [
  ["owner", "role-own", get((world) => world.ada), ""],
  ["owner", "role-stale", send((world) => world.dana, { role: "supervisor", version: "0" }, "Save Role", 409), ""],
  ["owner", "role-refused=", async (page, world) => {
    await page.goto(world.dana);
    await page.locator("#f-role").evaluate((it) => (it.value = "boss"));
    await page.locator("#f-role").check();
    assert.equal(await press(page, "Save Role"), 422);
  }, ""],
  ["owner", "ownership", get(ownership), `${LIST}/{id}/ownership`],
  ["owner", "ownership-refused", refused(ownership, {}, "Transfer Ownership"), ""],
  ["owner", "ownership-impossible", get((world) => `${world.ada}/ownership`), ""],
  ["owner", "members-menu-owner=", async (page) => {
    await page.goto(`${LIST}?q=dana.silva%40`);
    await page.getByRole("button", { name: "Actions for Dana Silva" }).click();
    await page.getByRole("link", { name: "Transfer Ownership" }).waitFor();
  }, ""],
];
