// A member's role from the profile, and what it opens and closes at once.
import assert from "node:assert/strict";

import { enter, tabTo } from "../lib/keyboard.mjs";
import { links } from "../lib/pages.mjs";
import { at, both, flash, heading, isRefused, press, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/team/members";
const role = (page) => page.getByRole("region", { name: "Role", exact: true });

both("Save Role, while they are signed in", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const [ada, dana] = [await open(portal), await open(portal)];
  assert.equal(await signIn(ada, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  assert.equal(await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD), 200);
  assert.equal(await visit(dana, LIST), 403);
  assert.match(await dana.locator("main").innerText(), /Only the Owner or an Admin can open this page\.\s+Ask Ada Okafor or /);

  const profile = (await links(ada, `${LIST}?q=dana.silva%40`))["Dana Silva"];
  await ada.goto(profile);
  assert.equal(await role(ada).getByRole("radio", { name: /^Agent/ }).isChecked(), true);
  assert.equal(await role(ada).getByRole("radio", { name: /^Owner/ }).isDisabled(), true);
  assert.match(await role(ada).innerText(), /Only with Transfer Ownership/);
  await role(ada).getByRole("radio", { name: /^Admin/ }).check();
  assert.equal(await enter(ada, "Save Role"), 200);
  assert.equal(await flash(ada), "Dana Silva is an Admin now.");
  assert.equal(at(ada), profile);
  assert.match(await ada.getByRole("region", { name: "History" }).innerText(), /Role changed, from Agent to Admin, by Ada Okafor/);
  await portal.mail("dana.silva@acme.test", /^You are an Admin of /);

  assert.equal(await visit(dana, LIST), 200, "it counts from the next click");
  await dana.goto(profile);
  assert.match(await role(dana).innerText(), /Nobody changes their own role\./);
  assert.equal(await role(dana).getByRole("button").count(), 0);
  for (const radio of await role(dana).getByRole("radio").all()) assert.equal(await radio.isDisabled(), true);
});

both("two Admins with the same page", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const pages = [await open(portal), await open(portal)];
  for (const page of pages) {
    assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
    await page.goto((await links(page, `${LIST}?q=dana.silva%40`))["Dana Silva"]);
  }
  const [first, second] = pages;
  await role(first).getByRole("radio", { name: /^Supervisor/ }).check();
  assert.equal(await press(first, "Save Role"), 200);
  await role(second).getByRole("radio", { name: /^Admin/ }).check();
  assert.equal(await press(second, "Save Role"), 409);
  assert.match(await second.locator(".summary:focus").innerText(), /Somebody else changed this member since you opened the page/);
  assert.equal(await role(second).getByRole("radio", { name: /^Supervisor/ }).isChecked(), true);
  await role(second).getByRole("radio", { name: /^Admin/ }).check();
  assert.equal(await press(second, "Save Role"), 200);
});

both("Transfer Ownership from the menu, with the password", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const [ada, elsewhere, chen] = [await open(portal), await open(portal), await open(portal)];
  for (const page of [ada, elsewhere]) assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  assert.equal(await signIn(chen, "chen.wei@acme.test", DEMO_PASSWORD), 200);

  await ada.goto(`${LIST}?q=chen.wei%40`);
  await tabTo(ada, "Actions for Chen Wei");
  await ada.keyboard.press("Enter");
  await tabTo(ada, "Transfer Ownership");
  await Promise.all([ada.waitForNavigation(), ada.keyboard.press("Enter")]);
  assert.equal(await heading(ada), "Transfer ownership to Chen Wei?");
  assert.match(await ada.getByRole("table").innerText(), /Ended at once: your 1 other session and Chen Wei's 1 session\./);
  await isRefused(ada, await press(ada, "Transfer Ownership"), ["Enter your current password."]);
  await ada.getByLabel("Your current password").first().fill("not a passphrase");
  await isRefused(ada, await press(ada, "Transfer Ownership"), ["This is not your current password."]);
  assert.equal(await ada.getByLabel("Your current password").first().inputValue(), "");
  await ada.getByLabel("Your current password").first().fill(DEMO_PASSWORD);
  assert.equal(await press(ada, "Transfer Ownership"), 200);
  assert.equal(await flash(ada), "Chen Wei is the Owner now. You are an Admin, and signed out everywhere else.");
  assert.equal(await visit(ada, LIST), 200, "an Admin still manages members");
  await ada.goto(`${LIST}?q=dana.silva%40`);
  await ada.getByRole("button", { name: "Actions for Dana Silva" }).click();
  assert.equal(await ada.getByRole("link", { name: "Transfer Ownership" }).count(), 0);
  for (const page of [elsewhere, chen]) {
    await page.goto("/profile");
    assert.match(at(page), /^\/login/);
  }
  assert.equal(await signIn(chen, "chen.wei@acme.test", DEMO_PASSWORD), 200);
  await chen.goto("/profile");
  assert.match(await chen.getByRole("region", { name: "Role, numbers and groups" }).innerText(), /Owner\. Full access\./);
  await portal.mail("chen.wei@acme.test", /^You are the Owner of /);
  await portal.mail("ada.okafor@acme.test", /has a new Owner$/);
});

both("five wrong passwords, then the right one", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  const profile = (await links(page, `${LIST}?q=chen.wei%40`))["Chen Wei"];
  await page.goto(profile);
  await role(page).getByRole("link", { name: "Transfer Ownership" }).click();
  for (let tries = 0; tries < 5; tries++) {
    await page.getByLabel("Your current password").first().fill("not a passphrase");
    assert.equal(await press(page, "Transfer Ownership"), 422);
  }
  await page.getByLabel("Your current password").first().fill(DEMO_PASSWORD);
  assert.equal(await press(page, "Transfer Ownership"), 429);
  assert.match(await page.locator(".summary:focus").innerText(), /locked and this one was not looked at\. Wait 15 minutes and try again\./);
  assert.equal(await visit(page, `${profile}/ownership`), 200, "and Ada still is the Owner");
  // An Admin instead: the milder act.
  await page.getByRole("link", { name: "Change the role instead" }).click();
  assert.equal(at(page), `${profile}#role`);
});
