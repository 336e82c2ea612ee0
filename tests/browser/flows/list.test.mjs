// The list of 200: search, filters, order and page are all in the address.
import assert from "node:assert/strict";

import { at, both, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

both("search, filter, sort and turn pages", async (t, open) => {
  const portal = await Portal.demo(t, 200);
  const page = await open(portal);
  assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);

  const caption = () => page.locator("table caption").innerText();
  const names = () => page.locator("tbody tr th > a").allInnerTexts();
  const follow = (name) => Promise.all([page.waitForNavigation(), page.getByRole("link", { name, exact: true }).click()]);
  const apply = () => Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Apply" }).click()]);
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const query = () => Object.fromEntries([...new URL(page.url()).searchParams].filter(([, value]) => value !== ""));

  // Every member is on exactly one of the pages.
  const seen = [];
  let pages = 1;
  assert.match(await caption(), /^Showing 1–50 of 200 members, sorted by name/);
  for (;;) {
    seen.push(...(await page.locator("tbody tr th > a").evaluateAll((links) => links.map((link) => link.getAttribute("href")))));
    if ((await page.getByRole("link", { name: "Next page" }).count()) === 0) break;
    await follow("Next page");
    pages += 1;
  }
  assert.equal(pages, 4);
  assert.match(await caption(), /^Showing 151–200 of 200/);
  assert.equal(new Set(seen).size, 200);
  await follow("First page");
  assert.match(await caption(), /^Showing 1–50 of 200/);

  // Search folds case and accents; what is searched for stays in the field and in the address.
  await page.getByRole("searchbox", { name: "Search" }).fill("DIAZ");
  await apply();
  assert.equal(query().q, "DIAZ");
  assert.equal(await page.getByRole("searchbox", { name: "Search" }).inputValue(), "DIAZ");
  const found = await names();
  assert.ok(found.length > 0 && (await page.locator("tbody tr").allInnerTexts()).every((text) => folded(text).includes("diaz")), found.join(", "));
  assert.match(await caption(), /matching members/);
  await follow("Clear filters");
  assert.equal(at(page), "/settings/team/members");

  await page.getByLabel("Status").selectOption("invited");
  await apply();
  assert.deepEqual([query().status, await page.getByLabel("Status").inputValue()], ["invited", "invited"]);
  const badges = await page.locator("tbody .badge").allInnerTexts();
  assert.ok(badges.length > 5 && badges.every((badge) => badge.startsWith("Invited")), badges.join(", "));
  await page.getByLabel("Status").selectOption("");
  await page.getByLabel("Role").selectOption("supervisor");
  await apply();
  assert.deepEqual(await names(), ["Chen Wei"]);

  // Order: a column's head sorts by it, pressed again the other way, and says so.
  await page.goto("/settings/team/members?status=active");
  const up = await names();
  await follow("Name");
  assert.equal(query().status, "active", "sorting keeps the filters");
  assert.equal(await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"), "descending");
  const down = await names();
  assert.notDeepEqual(down, up);
  assert.ok(folded(down[0]) >= folded(down.at(-1)) && folded(up[0]) <= folded(up.at(-1)));
  await follow("Last active");
  assert.equal(await page.getByRole("columnheader", { name: "Last active" }).getAttribute("aria-sort"), "descending");
  assert.equal(await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"), null);
  await follow("Next page");
  assert.match(await caption(), /^Showing 51–100 of /);
  assert.equal(query().sort, "-last_active");

  // Nobody fits.
  await page.goto("/settings/team/members?q=nobody-is-called-so&role=agent");
  await page.getByRole("heading", { name: "No members match" }).waitFor();
  assert.equal(await page.locator("table").count(), 0);
  await page.locator(".empty").getByRole("link", { name: "Clear filters" }).click();
  assert.match(await caption(), /^Showing 1–50 of 200/);

  // The audit log has filters and an end as well.
  await page.goto("/settings/audit-log?q=nothing-like-it");
  await page.getByRole("heading", { name: "No events match" }).waitFor();
  await page.locator(".empty").getByRole("link", { name: "Clear filters" }).click();
  assert.match(await page.locator("main").innerText(), /Ada Okafor/);
});
