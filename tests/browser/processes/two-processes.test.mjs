// Two processes on one PostgreSQL: what ends in one is over at the next request to the other.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";

import { at, flash, join, open, press, signIn, signOut, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal, database, folder, until } from "../lib/portal.mjs";

const skip = !process.env.ROLLCALL_TEST_POSTGRES && "needs ROLLCALL_TEST_POSTGRES";

/** Two running portals with one database and one secret; Ada owns Acme. */
async function pair(t) {
  const shared = {
    DATABASE_URL: await database(t, folder(t)),
    ROLLCALL_SECRET: randomBytes(32).toString("base64url"),
    ROLLCALL_DB_POOL: "4",
  };
  const one = await Portal.acme(t, shared);
  const other = await Portal.prepare(t, shared);
  await other.start();
  // Either may have sent a mail; its link holds for both.
  const path = (to, subject) =>
    until(() => {
      const mail = [...one.mails(), ...other.mails()].filter((mail) => mail.to.includes(to) && subject.test(mail.subject)).at(-1);
      return mail && new URL(mail.link).pathname;
    }, `a mail to ${to} from either process`);
  return { one, other, path };
}

/** Signed in at `one`. Browsers share cookies between the ports of a host, so `other` knows the session as well. */
async function ada(t, { one, other }) {
  const page = await open(t, one);
  assert.equal(await signIn(page, "ada@acme.test", PASSWORD), 200);
  assert.equal(await visit(page, `${other.url}/profile`), 200);
  assert.equal(at(page), "/profile", "the other process knows the session");
  return page;
}

async function isOut(page, portal) {
  await page.goto(`${portal.url}/settings/team/members`);
  assert.match(at(page), /^\/login\?next=/);
}

test("signing out, ending a session and resetting a password hold everywhere at once", { skip, timeout: 180_000 }, async (t) => {
  const both = await pair(t);
  const { one, other, path } = both;

  const page = await ada(t, both);
  // A copy of the cookie, as a thief would have it.
  const cookies = await page.context().cookies();
  const thief = await open(t, other);
  await thief.context().addCookies(cookies);
  assert.equal(await visit(thief, "/profile"), 200);
  assert.equal(at(thief), "/profile");
  await page.goto(`${one.url}/profile`);
  await signOut(page);
  await isOut(thief, other);

  const [first, second] = [await ada(t, both), await ada(t, both)];
  await first.goto(`${one.url}/profile/sessions`);
  assert.equal(await press(first, "End all others"), 200);
  assert.equal(await flash(first), "All other sessions are ended.");
  await isOut(second, other);
  assert.equal(await visit(first, `${other.url}/profile`), 200);
  assert.equal(at(first), "/profile", "the one that ended them goes on");

  const stranger = await open(t, one);
  await stranger.goto("/password/new");
  await stranger.getByLabel("Email").fill("ada@acme.test");
  assert.equal(await press(stranger, "Send link"), 200);
  const link = await path("ada@acme.test", /^Choose a new password/);
  assert.equal(await visit(stranger, `${other.url}${link}`), 200, "the link opens at the other process");
  await stranger.getByLabel("New password").first().fill(OTHER_PASSWORD);
  assert.equal(await press(stranger, "Save password"), 200);
  await isOut(first, one);
  assert.equal(await visit(stranger, `${one.url}${link}`), 410, "and is spent at both");
  assert.equal(await signIn(stranger, "ada@acme.test", OTHER_PASSWORD), 200);
});

test("an invitation of one process is accepted at the other", { skip, timeout: 180_000 }, async (t) => {
  const both = await pair(t);
  const owner = await ada(t, both);
  await owner.goto(both.one.url);
  const people = ["bruno@acme.test", "chen@acme.test", "dana@acme.test", "eli@acme.test"];
  await owner.goto(`${both.one.url}/settings/team/members/new`);
  await owner.getByLabel("Email").fill(people.join("\n"));
  assert.equal(await press(owner, "Send Invite"), 200);
  const paths = await Promise.all(people.map((email) => both.path(email, /invited you/)));
  const sent = [...both.one.mails(), ...both.other.mails()].filter((mail) => /invited you/.test(mail.subject));
  assert.deepEqual(sent.map((mail) => mail.to).sort(), people, "each is mailed once, by whichever process");
  const bruno = await open(t, both.other);
  assert.equal(await join(bruno, paths[0], "Bruno", "Díaz", OTHER_PASSWORD), 200);
  const late = await open(t, both.one);
  assert.equal(await visit(late, paths[0]), 410);
  await owner.goto(`${both.one.url}/settings/team/members?status=active`);
  assert.match(await owner.locator("table").innerText(), /Bruno Díaz/);
  assert.equal(await both.one.stop(), 0, "SIGTERM is a clean end");
  assert.equal(await visit(bruno, "/profile"), 200, "the other process goes on");
});
