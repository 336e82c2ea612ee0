// An Agent has a profile and no settings; the refusal says who can.
import assert from "node:assert/strict";

import { accountMenu, at, both, heading, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

both("an Agent's settings are closed", async (t, open) => {
  const portal = await Portal.demo(t, 6);
  for (const email of ["dana.silva@acme.test", "chen.wei@acme.test"]) {
    const page = await open(portal);
    assert.equal(await signIn(page, email, DEMO_PASSWORD), 200);
    assert.equal(at(page), "/profile");
    assert.equal(await page.getByRole("link", { name: "Settings" }).count(), 0);
    for (const path of ["/settings/team/members", "/settings/team/members/new", "/settings/team/members.csv", "/settings/audit-log", "/settings/audit-log.csv"]) {
      assert.equal(await visit(page, path), 403, path);
      assert.match(await page.locator("main").innerText(), /Owner/, "it says who can");
      assert.match(await page.locator("main").innerText(), /Admin/, "it says who can");
    }
    await page.getByRole("link", { name: "Go to the start page" }).click();
    assert.equal(at(page), "/profile");
    await (await accountMenu(page)).getByRole("link", { name: "Sessions" }).click();
    assert.equal(await heading(page), "Sessions");
  }
});
