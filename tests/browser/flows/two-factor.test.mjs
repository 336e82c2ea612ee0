// Two-factor sign-in: set up, sign in with a code and with a recovery code, reset by an Admin, asked of everybody, turned off.
import assert from "node:assert/strict";

import { at, both, flash, heading, invite, isRefused, join, press, signIn, signOut, visit } from "../lib/people.mjs";
import { OTHER_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";
import { totp } from "../lib/totp.mjs";

const ADA = "ada@acme.test";
const BRUNO = "bruno@acme.test";

/** Sets it up on the page that is open; the key and the recovery codes. */
async function setUp(page) {
  await page.locator("svg.qr").waitFor();
  const key = await page.getByLabel("Or type this key into the app").inputValue();
  await page.getByLabel("Code that the app shows").fill("000 000");
  await isRefused(page, await press(page, "Turn on"), ["This code is wrong"]);
  await page.getByLabel("Code that the app shows").fill(totp(key));
  assert.equal(await press(page, "Turn on"), 200);
  assert.equal(await heading(page), "Two-factor sign-in is on");
  const codes = await page.locator(".codes output").allInnerTexts();
  assert.equal(codes.length, 10);
  await page.getByRole("link", { name: "I have kept them" }).click();
  return { key, codes };
}

async function secondStep(page, code) {
  assert.equal(at(page), "/two-factor");
  await page.getByLabel("Code").fill(code);
  return press(page, "Continue");
}

both("two-factor sign-in", async (t, open) => {
  const portal = await Portal.acme(t);
  const ada = await open(portal);
  await signIn(ada, ADA, PASSWORD);
  await ada.goto("/profile");
  await ada.getByRole("link", { name: "Set up two-factor sign-in" }).click();
  const hers = await setUp(ada);
  await portal.mail(ADA, /^Your two-factor sign-in changed$/);

  await signOut(ada);
  assert.equal(await signIn(ada, ADA, PASSWORD), 200);
  assert.equal(await heading(ada), "Two-factor sign-in");
  await visit(ada, "/settings/team/members");
  assert.match(at(ada), /^\/login/, "nothing opens before the second step");
  await visit(ada, "/two-factor");
  await isRefused(ada, await secondStep(ada, ""), ["Enter the 6-digit code"]);
  // The code of the set-up is spent, so the next one; the app may be one step ahead of the server.
  assert.equal(await secondStep(ada, totp(hers.key, 1)), 200);
  assert.equal(at(ada), "/settings/team/members");

  await signOut(ada);
  await signIn(ada, ADA, PASSWORD);
  assert.equal(await press(ada, "Start over"), 200);
  assert.equal(at(ada), "/login?done=out");
  await signIn(ada, ADA, PASSWORD);
  assert.equal(await secondStep(ada, hers.codes[0].toUpperCase()), 200);
  await ada.goto("/profile/two-factor");
  assert.match(await ada.locator("main").innerText(), /9 of 10 are left/);

  // Everybody is asked: Bruno sets it up before anything else opens, loses it, and Ada resets it.
  await invite(ada, BRUNO, "Agent");
  const bruno = await open(portal);
  await join(bruno, (await portal.mail(BRUNO, /invited you/)).link, "Bruno", "Vargas", OTHER_PASSWORD);
  await ada.goto("/settings/account");
  await ada.getByRole("radio", { name: /^Everyone/ }).check();
  assert.equal(await press(ada, "Save Changes"), 200);
  await visit(bruno, "/profile");
  assert.equal(at(bruno), "/profile/two-factor");
  await setUp(bruno);
  assert.equal(at(bruno), "/profile");
  await bruno.goto("/profile/two-factor");
  assert.ok(await bruno.getByRole("button", { name: "Turn off" }).isDisabled(), "it is asked for");
  await ada.goto("/settings/team/members?q=bruno");
  await ada.getByRole("link", { name: "Bruno Vargas" }).click();
  await ada.getByRole("link", { name: "Reset two-factor sign-in" }).click();
  assert.equal(await heading(ada), "Reset the two-factor sign-in of Bruno Vargas?");
  assert.equal(await press(ada, "Reset two-factor sign-in"), 200);
  assert.match(await flash(ada), /is reset/);
  await visit(bruno, "/profile");
  assert.match(at(bruno), /^\/login/, "his sessions end");
  await signIn(bruno, BRUNO, OTHER_PASSWORD);
  assert.equal(at(bruno), "/profile/two-factor", "and he sets it up anew");

  await ada.goto("/settings/account");
  await ada.getByRole("radio", { name: /^Nobody/ }).check();
  await press(ada, "Save Changes");
  await ada.goto("/profile/two-factor");
  await isRefused(ada, await press(ada, "Turn off"), ["Enter your current password."]);
  await ada.getByLabel("Current password").first().fill(PASSWORD);
  assert.equal(await press(ada, "Turn off"), 200);
  assert.match(await flash(ada), /Two-factor sign-in is off/);
  await signOut(ada);
  await signIn(ada, ADA, PASSWORD);
  assert.equal(at(ada), "/settings/team/members", "one step again");
});
