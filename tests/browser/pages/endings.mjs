// The pages of endings, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, links, refused } from "../lib/pages.mjs";
import { press, row } from "../lib/people.mjs";

const LIST = "/settings/team/members";
const at = (who, noun) => (world) => `${world[who]}/${noun}`;

/** What these pages need in the sample company; `page` is its Owner's. */
export async function prepareEndings(page, world) {
  world.gone = (await links(page, `${LIST}?status=removed`))["Ingrid Falk"];
  world.manager = (await links(page, `${LIST}?role=admin`))["Bruno Díaz"];
  world.self = (await links(page, `${LIST}?role=owner`))["Ada Okafor"];
  const agents = await links(page, `${LIST}?role=agent&status=active`);
  world.comesAndGoes = Object.entries(agents).find(([name]) => name !== "Dana Silva")?.[1];
  assert.ok(world.gone && world.manager && world.self && world.comesAndGoes);
}

/** Somebody is out, and the news of it can be undone. */
async function undone(page, world) {
  await page.goto(`${world.comesAndGoes}/reactivation`);
  if ((await page.getByRole("button", { name: "Reactivate", exact: true }).count()) > 0) assert.equal(await press(page, "Reactivate"), 200);
  await page.goto(`${world.comesAndGoes}/deactivation`);
  assert.equal(await press(page, "Deactivate"), 200);
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor();
}

export const ENDING_PAGES = [
  ["owner", "members-removed=", get(`${LIST}?status=removed`), ""],
  ["owner", "members-removed-menu=", async (page) => {
    await page.goto(`${LIST}?status=removed`);
    await page.getByRole("button", { name: "Actions for Ingrid Falk" }).click();
    await row(page, "Ingrid Falk").locator(".menu").waitFor();
  }, ""],
  ["owner", "members-own-menu=", async (page) => {
    await page.goto(`${LIST}?role=owner`);
    await page.getByRole("button", { name: "Actions for Ada Okafor" }).click();
    await row(page, "Ada Okafor").locator(".menu").waitFor();
  }, ""],
  ["owner", "member-removed", get((world) => world.gone), ""],
  ["owner", "member-barred=", get((world) => world.self), ""],
  ["owner", "deactivation", get(at("manager", "deactivation")), `${LIST}/{id}/deactivation`],
  ["owner", "deactivation-barred", get(at("self", "deactivation")), ""],
  ["owner", "removal", get(at("manager", "removal")), `${LIST}/{id}/removal`],
  ["owner", "removal-yes", get(at("manager", "removal?from=profile")), ""],
  ["owner", "removal-barred", get(at("self", "removal")), ""],
  ["owner", "erasure", get(at("gone", "erasure")), `${LIST}/{id}/erasure`],
  ["owner", "erasure-refused", refused(at("gone", "erasure"), {}, "Erase now"), ""],
  ["owner", "invite-removed=", refused(`${LIST}/new`, { emails: "ingrid.falk@acme.test" }, "Send Invite"), ""],
  ["owner", "members-undo=", async (page, world) => {
    await undone(page, world);
    await page.getByRole("button", { name: "Undo", exact: true }).focus();
  }, ""],
  ["owner", "member-deactivated=", async (page, world) => {
    await undone(page, world);
    await page.goto(world.comesAndGoes);
    await page.getByRole("button", { name: "Reactivate", exact: true }).waitFor();
  }, ""],
];
