// The pages of bulk invites, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, refused } from "../lib/pages.mjs";
import { press } from "../lib/people.mjs";

const BULK = "/settings/team/bulk-invites";
const LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenabzeichenverkaufsstelle";

/** A row of every kind: to invite, to skip, and with errors. */
const FILE = [
  "email,role,phone_number,colour",
  "somebody@bulk.test,agent,,red",
  "no.role@bulk.test,,,",
  "bruno.diaz@acme.test,admin,,",
  `bob@${LONG},agnet,4.4E+11,`,
].join("\n");

async function upload(page, text) {
  await page.goto(`${BULK}/new`);
  await page.getByLabel("CSV file").setInputFiles({ name: `${LONG}.csv`, mimeType: "text/csv", buffer: Buffer.from(text) });
  return press(page, "Continue");
}

/** What these pages need in the sample company; `page` is its Owner's. */
export async function prepareBulk(page, world) {
  assert.equal(await upload(page, FILE.replaceAll("bulk.test", "sent.test")), 200);
  world.bulkSent = new URL(page.url()).pathname;
  assert.equal(await press(page, "Send Invites"), 200);
  while (!(await page.getByRole("heading", { name: "Result" }).count())) await page.goto(world.bulkSent);
  assert.equal(await upload(page, FILE), 200);
  world.bulkChecked = new URL(page.url()).pathname;
}

export const BULK_PAGES = [
  ["newcomer", "bulk-invites-empty=", get(BULK), ""],
  ["owner", "bulk-invites", get(BULK), BULK],
  ["owner", "bulk-invite-new", get(`${BULK}/new`), `${BULK}/new`],
  ["owner", "bulk-invite-refused", refused(`${BULK}/new`, { pasted: "a@b.test,agent" }, "Continue"), ""],
  ["owner", "bulk-invite-check", get((world) => world.bulkChecked), `${BULK}/{id}`],
  ["owner", "bulk-invite-errors=", get((world) => `${world.bulkChecked}?show=error`), ""],
  ["owner", "bulk-invite-result", get((world) => world.bulkSent), ""],
];
