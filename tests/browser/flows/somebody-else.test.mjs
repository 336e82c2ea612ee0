// An invitation opened by somebody who is signed in already never joins the wrong account.
import assert from "node:assert/strict";

import { at, both, heading, invite, join, press, row, signIn, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";

both("signed in as somebody else", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  await signIn(page, "ada@acme.test", PASSWORD);
  await invite(page, "bruno@acme.test", "Admin");
  const { link } = await portal.mail("bruno@acme.test", /invited you/);

  assert.equal(await visit(page, link), 200);
  assert.equal(await heading(page), "This invitation is for bruno@acme.test");
  assert.match(await page.locator("main").innerText(), /You are signed in as Ada Okafor of Acme\./);
  await page.getByRole("link", { name: /^Stay signed in/ }).click();
  assert.equal(at(page), "/settings/team/members");

  await page.goto(link);
  assert.equal(await press(page, "Sign out and continue"), 200);
  assert.equal(page.url(), link);
  assert.equal(await heading(page), "Join Acme");
  assert.equal(await join(page, link, "Bruno", "Díaz", OTHER_PASSWORD), 200);
  assert.match(await row(page, "bruno@acme.test").innerText(), /\(you\)[\s\S]*Admin[\s\S]*Active/);
});
