// The main job: sign up, invite, accept, and everybody is on the list.
import assert from "node:assert/strict";
import fs from "node:fs";

import { at, both, flash, heading, invite, join, press, row, signOut } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal, readCsv } from "../lib/portal.mjs";

both("from nothing to a team", async (t, open) => {
  const portal = await Portal.empty(t);
  const owner = await open(portal);

  await owner.goto("/");
  assert.equal(at(owner), "/signup", "the first visit offers sign-up");
  await owner.getByLabel("Company").fill("Acme & Söhne");
  await owner.getByLabel("Your name").fill("Ada Okafor");
  await owner.getByLabel("Email").fill(" Ada@Acme.test ");
  await owner.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await owner.getByRole("radio", { name: /^Pro (?!Plus)/ }).check();
  await owner.getByLabel("Time zone").selectOption("Europe/Berlin");
  assert.equal(await press(owner, "Create account"), 200);
  assert.equal(at(owner), "/settings/team/members");
  assert.match(await flash(owner), /^Welcome\. Acme & Söhne is ready/);

  assert.equal(await heading(owner), "Members");
  await owner.getByRole("heading", { name: "Invite your team" }).waitFor();
  await owner.locator(".empty").getByRole("link", { name: "Invite Member" }).click();
  assert.equal(await heading(owner), "Invite Member");
  assert.equal(await invite(owner, "bruno@acme.test, Chen@acme.test", "Admin"), 200);
  assert.match(await flash(owner), /^2 invites sent\. Up to \$\d+\.\d\d if all accept today\.$/);
  for (const email of ["bruno@acme.test", "chen@acme.test"]) {
    assert.match(await row(owner, email).innerText(), /Admin\s+Invited · expires in 7 days/);
  }
  assert.equal(await owner.getByRole("heading", { name: "Invite your team" }).count(), 0);

  const mail = await portal.mail("bruno@acme.test", /^Ada Okafor invited you to Acme & Söhne$/);
  assert.match(mail.html, /Accept invitation/);
  assert.ok(mail.html.includes(`href="${mail.link}"`), "the text and the HTML hold the same link");
  assert.ok(mail.link.startsWith(`${portal.url}/invitations/`), mail.link);

  const bruno = await open(portal);
  await bruno.goto(mail.link);
  assert.equal(await heading(bruno), "Join Acme & Söhne");
  assert.match(await bruno.locator("main").innerText(), /Ada Okafor invited you to Acme & Söhne as Admin\./);
  assert.equal(await bruno.getByLabel("Email").inputValue(), "bruno@acme.test");
  assert.equal(await join(bruno, mail.link, "Bruno", "Díaz", OTHER_PASSWORD), 200);
  assert.equal(at(bruno), "/settings/team/members", "whoever joins is signed in");
  assert.equal(await flash(bruno), "Welcome to Acme & Söhne.");
  assert.match(await row(bruno, "bruno@acme.test").innerText(), /Bruno Díaz \(you\)[\s\S]*Active/);

  await owner.reload();
  assert.match(await row(owner, "bruno@acme.test").innerText(), /Bruno Díaz[\s\S]*Admin[\s\S]*Active/);
  assert.match(await owner.getByRole("table").locator("caption").innerText(), /^Showing 1–3 of 3 members/);

  const [download] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Export CSV" }).click()]);
  assert.equal(download.suggestedFilename(), "members.csv");
  const csv = fs.readFileSync(await download.path(), "utf8");
  assert.equal(csv.split("\n")[0].trim(), "email,username,first_name,last_name,role,status,phone_number,groups,invited_by,joined_at,last_active_at");
  const members = readCsv(csv);
  assert.deepEqual(members.map((member) => [member.email, member.first_name, member.last_name, member.role, member.status, member.invited_by]).sort(), [
    ["ada@acme.test", "Ada", "Okafor", "owner", "active", ""],
    ["bruno@acme.test", "Bruno", "Díaz", "admin", "active", "ada@acme.test"],
    ["chen@acme.test", "", "", "admin", "invited", "ada@acme.test"],
  ]);

  assert.equal(await bruno.goto(mail.link).then((answer) => answer.status()), 410);
  assert.equal(await heading(bruno), "This invitation was accepted");

  assert.equal(await signOut(owner), 200);
  assert.match(at(owner), /^\/login\?/);
  await owner.goto("/settings/team/members");
  assert.match(at(owner), /^\/login\?next=/);
});
