// The pages of details, users by username and given passwords, for the sweep.
import assert from "node:assert/strict";

import { get, refused, send } from "../lib/pages.mjs";
import { press, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD } from "../lib/portal.mjs";

const NEW = "/settings/team/username-members/new";
const WORD = "donaudampfschifffahrtsgesellsch";

let made = 0;

async function create(page, username) {
  await page.goto(NEW);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("First name").fill("Donaudampfschifffahrtsgesellschaftskapitaen");
  await page.getByLabel("Last name").fill("Desk");
  assert.equal(await press(page, "Create User"), 200);
  return { login: await page.locator("#f-login").inputValue(), password: await page.locator("#f-password").inputValue() };
}

/** What these pages need in the sample company; `page` is its Owner's. */
export async function prepareIdentities(page, world) {
  world.given = await create(page, WORD);
  await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Done" }).click()]);
  world.user = new URL(page.url()).pathname;
  await page.goto("/settings/team/members?role=supervisor");
  world.edited = await page.getByRole("link", { name: "Chen Wei" }).getAttribute("href");
}

export const signInGiven = (page, world) => signIn(page, world.given.login, world.given.password);

export const IDENTITY_PAGES = [
  ["owner", "username-new", get(NEW), NEW],
  ["owner", "username-new-refused", refused(NEW, { username: "a b", password: "short" }, "Create User"), ""],
  ["owner", "username-new-taken=", refused(NEW, { username: WORD, first_name: "Other" }, "Create User"), ""],
  ["owner", "username-made", async (page) => void (await create(page, `desk-${++made}`)), ""],
  ["owner", "username-member", get((world) => world.user), ""],
  ["owner", "member-own=", async (page) => {
    await page.goto("/settings/team/members?role=owner");
    await Promise.all([page.waitForNavigation(), page.locator("tbody th a").first().click()]);
  }, ""],
  ["owner", "member-details-refused", refused((world) => world.user, { first_name: "", email: "x@", username: "a b", device: "a b" }, "Save Changes"), ""],
  ["owner", "member-details-taken=", refused((world) => world.user, { email: "dana.silva@acme.test" }, "Save Changes"), ""],
  ["owner", "member-details-stale=", send((world) => world.edited, { version: "0", job_title: "Another one" }, "Save Changes", 409), ""],
  ["owner", "member-password-refused=", refused((world) => world.user, { password: "short" }, "Reset Password"), ""],
  ["given", "password-forced=", get("/profile/password"), ""],
  ["given", "password-forced-refused=", refused("/profile/password", { current_password: DEMO_PASSWORD, password: "short" }, "Change password"), ""],
];
