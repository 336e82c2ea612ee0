// A user by username: made inside the account, made to choose a password, edited, and helped when it is lost.
import assert from "node:assert/strict";

import { at, both, flash, heading, isRefused, press, row, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, OTHER_PASSWORD, Portal } from "../lib/portal.mjs";

const field = (page, id) => page.locator(`#f-${id}`).inputValue();

both("a user by username, from the form to work", async (t, open, js) => {
  const portal = await Portal.demo(t, 6);
  const owner = await open(portal);
  await signIn(owner, "ada.okafor@acme.test", DEMO_PASSWORD);
  await owner.goto("/settings/team/members");
  await owner.getByRole("link", { name: "Invite Member" }).first().click();
  await owner.getByRole("link", { name: "User by username" }).click();
  assert.equal(await heading(owner), "User by username");
  await isRefused(owner, await press(owner, "Create User"), ["A username has 3 to 32", "Enter a first name."]);
  await owner.getByLabel("Username").fill("Front.Desk");
  await owner.getByLabel("First name").fill("Front");
  await owner.getByLabel("Last name").fill("Desk");
  assert.equal(await press(owner, "Create User"), 200);
  assert.equal(await heading(owner), "Password of Front Desk");
  const [login, given] = [await field(owner, "login"), await field(owner, "password")];
  assert.match(login, /^[a-z0-9-]+\/front\.desk$/);
  assert.equal(await owner.getByRole("button", { name: "Copy password" }).count(), js ? 1 : 0);
  await owner.getByRole("link", { name: "Done" }).click();
  assert.equal(await heading(owner), "Front Desk");
  assert.match(await owner.locator("main").innerText(), /To be changed/);
  assert.ok(!(await owner.content()).includes(given), "shown once");
  await owner.goto("/settings/team/members?q=front.desk");
  assert.match(await row(owner, "Front Desk").innerText(), /front\.desk[\s\S]*Agent[\s\S]*Active/);

  const desk = await open(portal);
  assert.equal(await signIn(desk, login, given), 200);
  assert.equal(at(desk), "/profile/password");
  assert.equal(await heading(desk), "Choose your own password");
  await desk.goto("/profile");
  assert.equal(at(desk), "/profile/password", "nothing else opens");
  const choose = async (password) => {
    await desk.getByLabel("Current password").first().fill(given);
    await desk.getByLabel("New password").first().fill(password);
    return press(desk, "Change password");
  };
  await isRefused(desk, await choose(given), ["This is your password already."]);
  assert.equal(await choose(OTHER_PASSWORD), 200);
  assert.equal(at(desk), "/profile");
  assert.match(await flash(desk), /^Your password is changed\./);
  await desk.getByLabel("Device address").fill("sip:desk@pbx.example.com");
  assert.equal(await press(desk, "Save Changes"), 200);
  assert.equal(await desk.getByLabel("Device address").inputValue(), "sip:desk@pbx.example.com");

  // The Owner edits: an address as well.
  await owner.getByRole("link", { name: "Front Desk", exact: true }).click();
  assert.equal(await owner.getByLabel("Device address").inputValue(), "sip:desk@pbx.example.com");
  await owner.getByLabel("Email").fill("dana.silva@acme.test");
  await isRefused(owner, await press(owner, "Save Changes"), ["dana.silva@acme.test is the address of Dana Silva already."]);
  await owner.getByRole("link", { name: "Open the profile of Dana Silva" }).waitFor();
  await owner.getByLabel("Email").fill("desk@acme.test");
  await owner.getByLabel("Job title").fill("Reception");
  assert.equal(await press(owner, "Save Changes"), 200);
  assert.match(await flash(owner), /^The details of Front Desk are saved\. They sign in with desk@acme\.test now/);
  await portal.mail("desk@acme.test", /^Your email address at /);
  await desk.goto("/profile");
  assert.match(at(desk), /^\/login\?next=/, "signed out");
  assert.equal(await signIn(desk, "desk@acme.test", OTHER_PASSWORD), 200);
  assert.equal(at(desk), "/profile");

  // The password is lost.
  assert.equal(await press(owner, "Reset Password"), 200);
  const again = await field(owner, "password");
  assert.notEqual(again, given);
  await desk.goto("/profile");
  assert.match(at(desk), /^\/login\?next=/, "signed out");
  assert.equal(await signIn(desk, login, again), 200);
  assert.equal(at(desk), "/profile/password");
});

both("two admins edit the same person", async (t, open) => {
  const portal = await Portal.demo(t, 6);
  const [one, other] = [await open(portal), await open(portal)];
  for (const page of [one, other]) {
    await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
    await page.goto("/settings/team/members?q=dana.silva");
    await page.getByRole("link", { name: "Dana Silva" }).click();
    await page.getByLabel("Job title").waitFor();
  }
  await one.getByLabel("Job title").fill("Sales");
  assert.equal(await press(one, "Save Changes"), 200);
  await other.getByLabel("Job title").fill("Support");
  assert.equal(await press(other, "Save Changes"), 409);
  assert.match(await other.title(), /^Error: /);
  assert.match(await other.locator(".summary:focus").innerText(), /Somebody else changed this member since you opened the page/);
  assert.equal(await other.getByLabel("Job title").inputValue(), "Sales");
  await other.getByLabel("Job title").fill("Support");
  assert.equal(await press(other, "Save Changes"), 200);
});
