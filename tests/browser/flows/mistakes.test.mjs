// Bad input: 422, a sentence beside each field and in the summary, and what was typed stays.
import assert from "node:assert/strict";

import { at, both, heading, invite, isRefused, press, signIn } from "../lib/people.mjs";
import { PASSWORD, Portal } from "../lib/portal.mjs";

/** The sentence beside a field, which the field itself refers to. */
async function beside(page, name) {
  const field = page.locator(`[name=${name}]`).first();
  const group = (await field.getAttribute("type")) === "radio" ? page.locator("fieldset", { has: field }) : field;
  const ids = ((await group.getAttribute("aria-describedby")) ?? "").split(" ");
  assert.equal(await group.getAttribute("aria-invalid"), "true", `${name} is marked`);
  return page.locator(`#${ids.find((id) => id.startsWith("e-"))}`).innerText();
}

both("a sign-up with mistakes", async (t, open) => {
  const portal = await Portal.empty(t);
  const page = await open(portal);
  await page.goto("/signup");
  await isRefused(page, await press(page, "Create account"), []);

  await page.getByLabel("Company").fill(`Acme <b>"&'`);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Email").fill("ada at acme");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await isRefused(page, await press(page, "Create account"), ["Use at least 12 characters."]);
  assert.match(await beside(page, "email"), /email address/);
  assert.match(await beside(page, "password"), /Use at least 12 characters\./);
  assert.equal(await page.getByLabel("Company").inputValue(), `Acme <b>"&'`);
  assert.equal(await page.getByLabel("Email").inputValue(), "ada at acme");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Asia/Tokyo");
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "", "a password never comes back");

  await page.locator(".summary a[href='#f-email']").click();
  assert.equal(await page.locator("#f-email:focus").count(), 1, "the summary leads to the field");
  await page.getByLabel("Email").fill("ada@acme.test");
  await page.getByLabel("Password", { exact: true }).fill("acme acme acme acme");
  await isRefused(page, await press(page, "Create account"), ["Leave your name, address and company out of the password."]);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  assert.equal(await press(page, "Create account"), 200);
  assert.equal(at(page), "/settings/team/members");
});

both("an invitation and a sign-in with mistakes", async (t, open) => {
  const portal = await Portal.acme(t);
  const page = await open(portal);
  await isRefused(page, await signIn(page, "ada@acme.test", "not my passphrase"), ["Email or password is wrong."]);
  assert.equal(await page.getByLabel("Email or username").inputValue(), "ada@acme.test");
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal(await signIn(page, "ada@acme.test", PASSWORD), 200);

  await isRefused(page, await invite(page, ""), ["Enter an email address"]);
  const typed = "bruno@acme.test\nchen@, dana";
  await isRefused(page, await invite(page, typed, "Supervisor"), ["chen@, dana are not email addresses"]);
  assert.equal(await page.getByLabel("Email").inputValue(), typed);
  assert.equal(await page.getByRole("radio", { name: /^Supervisor/ }).isChecked(), true);
  assert.match(await beside(page, "emails"), /are not email addresses/);
  assert.deepEqual(portal.mails().filter((mail) => mail.to.includes("bruno")), [], "nobody was invited");

  assert.equal(await invite(page, "bruno@acme.test"), 200);
  await isRefused(page, await invite(page, "ada@acme.test, bruno@acme.test, eli@acme.test"), [
    "ada@acme.test is active already. Open profile",
    "bruno@acme.test is invited already. Resend",
    "Nobody was invited yet.",
  ]);
  await page.getByRole("link", { name: "Resend" }).click();
  assert.equal(await heading(page), "bruno@acme.test");

  const mail = await portal.mail("bruno@acme.test", /invited you/);
  const bruno = await open(portal);
  await bruno.goto(mail.link);
  await bruno.getByLabel("First name").fill("Bruno");
  await bruno.getByLabel("Password", { exact: true }).fill("bruno@acme.test");
  await isRefused(bruno, await press(bruno, "Join Acme"), ["Leave your name, address and company out of the password."]);
  assert.equal(await bruno.getByLabel("First name").inputValue(), "Bruno");
  assert.equal(await bruno.getByLabel("Password", { exact: true }).inputValue(), "");

  await page.goto("/profile");
  await page.getByLabel("First name").fill("");
  await page.getByLabel("Job title").fill("Head of phones");
  await isRefused(page, await press(page, "Save Changes"), []);
  assert.equal(await page.getByLabel("Job title").inputValue(), "Head of phones");
});
