// Pages of two-factor sign-in, of the fresh password and of the account.
import assert from "node:assert/strict";

import { get, links, refused } from "../lib/pages.mjs";
import { open, press, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, PASSWORD } from "../lib/portal.mjs";
import { totp } from "../lib/totp.mjs";

const HERE = "/profile/two-factor";
const CAREFUL = "careful@acme.test";

/** A company whose Owner signs in with two steps; the recovery codes are what the sweep signs in with. */
export async function prepareFactors(t, world) {
  await world.portal.owner("Careful Company", "Cara Full", CAREFUL);
  const page = await open(t, world.portal);
  await signIn(page, CAREFUL, PASSWORD);
  await page.goto(HERE);
  await page.locator("[name=code]").fill(totp(await page.locator("#secret").inputValue()));
  assert.equal(await press(page, "Turn on"), 200);
  world.recovery = await page.locator(".codes output").allInnerTexts();
  await page.context().close();
  // Somebody of the sample company whose factor an Admin could reset.
  const chen = await open(t, world.portal);
  await signIn(chen, "chen.wei@acme.test", DEMO_PASSWORD);
  await chen.goto(HERE);
  await chen.locator("[name=code]").fill(totp(await chen.locator("#secret").inputValue()));
  assert.equal(await press(chen, "Turn on"), 200);
  await chen.context().close();
}

/** Both steps. */
export async function factorSignIn(page, world) {
  assert.equal(await signIn(page, CAREFUL, PASSWORD), 200);
  await page.locator("[name=code]").fill(world.recovery.pop());
  assert.equal(await press(page, "Continue"), 200);
}

/** The password of a session that has been open for a while. */
async function confirm(page, password) {
  await page.goto("/password/confirmation?next=/profile/two-factor");
  await page.locator("[name=current_password]").fill(password);
  assert.equal(await press(page, "Continue"), 200);
}

export const FACTOR_PAGES = [
  ["owner", "confirm-password", get("/password/confirmation?next=/profile/two-factor"), "/password/confirmation"],
  ["owner", "confirm-password-refused", refused("/password/confirmation", {}, "Continue"), ""],
  ["owner", "two-factor-setup", async (page) => {
    await confirm(page, DEMO_PASSWORD);
    await page.locator("svg.qr").waitFor();
  }, HERE],
  ["owner", "two-factor-setup-refused", async (page) => {
    await confirm(page, DEMO_PASSWORD);
    assert.equal(await press(page, "Turn on"), 422);
  }, ""],
  ["owner", "two-factor-reset", async (page) => {
    const chen = (await links(page, "/settings/team/members?q=chen.wei%40"))["Chen Wei"];
    await page.goto(`${chen}/two-factor/removal`);
    await page.getByRole("button", { name: /Reset/ }).waitFor();
  }, "/settings/team/members/{id}/two-factor/removal"],
  ["owner", "two-factor-reset-barred=", get((world) => `${world.member}/two-factor/removal`), ""],
  ["owner", "account", get("/settings/account"), "/settings/account"],
  ["owner", "account-refused", refused("/settings/account", { company: "" }, "Save Changes"), ""],
  ["careful", "two-factor-on", get(HERE), ""],
  ["careful", "two-factor-on-refused", refused(HERE, {}, "Turn off"), ""],
  ["careful", "two-factor-another", get(`${HERE}?app=another`), ""],
  ["careful", "profile-careful=", get("/profile"), ""],
  ["careful", "recovery-codes", async (page, world) => {
    await page.goto(HERE);
    await page.locator("[name=code]").fill(world.recovery.pop());
    assert.equal(await press(page, "Make new codes"), 200);
    world.recovery = await page.locator(".codes output").allInnerTexts();
  }, ""],
  ["nobody", "two-factor-step", async (page) => assert.equal(await signIn(page, CAREFUL, PASSWORD), 200), "/two-factor"],
  ["nobody", "two-factor-step-refused", async (page) => {
    await signIn(page, CAREFUL, PASSWORD);
    assert.equal(await press(page, "Continue"), 422);
  }, ""],
];
