// A forgotten password: the same answer to everybody, a link that works once, and all sessions end.
import assert from "node:assert/strict";

import { at, both, heading, isRefused, press, signIn, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";

both("forgot password", async (t, open) => {
  const portal = await Portal.acme(t);
  const elsewhere = await open(portal);
  await signIn(elsewhere, "ada@acme.test", PASSWORD);

  const page = await open(portal);
  const ask = async (email) => {
    await page.goto("/login");
    await page.getByRole("link", { name: "Forgot password?" }).click();
    await page.getByLabel("Email").fill(email);
    const status = await press(page, "Send link");
    return [status, await page.title(), await page.locator("main").innerText()];
  };
  assert.deepEqual(await ask("nobody@acme.test"), await ask("ada@acme.test"), "nobody learns who is a member");
  const first = await portal.mail("ada@acme.test", /^Choose a new password for Acme$/);
  await ask("ada@acme.test");
  const { link } = await portal.mail("ada@acme.test", /^Choose a new password for Acme$/, 1);
  assert.equal(await visit(page, first.link), 410, "only the newest link works");

  assert.equal(await visit(page, link), 200);
  await page.getByLabel("New password").first().fill("too short");
  await isRefused(page, await press(page, "Save password"), ["Use at least 12 characters."]);
  await page.getByLabel("New password").first().fill(OTHER_PASSWORD);
  assert.equal(await press(page, "Save password"), 200);
  assert.match(await page.locator("main").innerText(), /Your password is set\. Sign in with it\./);
  assert.equal(await visit(page, link), 410);
  assert.equal(await heading(page), "This link does not work any more");
  await elsewhere.reload();
  assert.match(at(elsewhere), /^\/login/, "every session ends");
  assert.equal(await signIn(page, "ada@acme.test", OTHER_PASSWORD), 200);
  assert.equal(portal.mails().filter((mail) => mail.to.includes("nobody@")).length, 0);
});
