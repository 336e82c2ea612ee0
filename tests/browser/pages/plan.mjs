// Pages of the plan, of cancelling and of a closed account, for the sweep: who visits, a name, how to get there, the door it is.
import assert from "node:assert/strict";

import { get, links, refused, send } from "../lib/pages.mjs";
import { closeNow } from "../lib/billing.mjs";
import { open, press, signIn } from "../lib/people.mjs";
import { PASSWORD } from "../lib/portal.mjs";

const PLAN = "/settings/billing/plan";
const CANCELLATION = "/settings/account/cancellation";
const BILLING = "/settings/billing";
const LIST = "/settings/team/members";

/** A company that has chosen another interval, and where somebody's way back costs a seat. */
async function prepareChoosing(t, world) {
  await world.portal.owner("Choosing Company", "Cho Osing", "cho@choosing.test");
  const page = await open(t, world.portal);
  await signIn(page, "cho@choosing.test", PASSWORD);
  const make = async (username) => {
    await page.goto("/settings/team/username-members/new");
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("First name").fill(username);
    assert.equal(await press(page, "Create User"), 200);
  };
  await make("front");
  await make("back");
  world.outside = (await links(page, LIST)).back;
  await page.goto(`${world.outside}/deactivation`);
  await press(page, "Deactivate");
  await make("third");
  await page.goto(`${PLAN}?plan=pro&interval=yearly`);
  await press(page, "Change plan");
  await page.context().close();
}

/** A company that is cancelled, one that is closed, and one that has chosen. */
export async function preparePlans(t, world) {
  await world.portal.owner("Leaving Company", "Lea Ving", "lea@leaving.test");
  await world.portal.owner("Closed Company", "Clo Sed", "clo@closed.test");
  for (const email of ["lea@leaving.test", "clo@closed.test"]) {
    const page = await open(t, world.portal);
    await signIn(page, email, PASSWORD);
    await page.goto(CANCELLATION);
    await page.locator("[name=current_password]").fill(PASSWORD);
    await press(page, "Cancel account");
    await page.context().close();
  }
  await closeNow(world.portal, "closed-company");
  await prepareChoosing(t, world);
}

/** The visitors of these pages. */
export const PLAN_VISITORS = {
  leaving: (page) => signIn(page, "lea@leaving.test", PASSWORD),
  closed: (page) => signIn(page, "clo@closed.test", PASSWORD),
  choosing: (page) => signIn(page, "cho@choosing.test", PASSWORD),
};

/** Goes to a page that says this. */
const showing = (path, said) => async (page, world) => {
  await get(path)(page, world);
  assert.ok((await page.locator("main").innerText()).includes(said), said);
};

export const PLAN_PAGES = [
  ["owner", "plan", get(PLAN), PLAN],
  ["owner", "plan-refused", get(`${PLAN}?plan=platinum&interval=monthly`, 422), ""],
  ["owner", "plan-upgrade", get(`${PLAN}?plan=business&interval=yearly`), ""],
  ["owner", "plan-stale", send(`${PLAN}?plan=business&interval=monthly`, { shown: "0.01" }, "Change plan", 409), ""],
  ["owner", "plan-downgrade", get(`${PLAN}?plan=pro&interval=yearly`), ""],
  ["owner", "plan-misfit", get(`${PLAN}?plan=essentials&interval=monthly`), ""],
  ["owner", "cancellation", get(CANCELLATION), CANCELLATION],
  ["owner", "cancellation-refused", refused(CANCELLATION, {}, "Cancel account"), ""],
  ["leaving", "cancelled", get(CANCELLATION), ""],
  ["leaving", "cancelled-refused", refused(CANCELLATION, {}, "Keep the account"), ""],
  ["leaving", "plan-cancelled", get(PLAN), ""],
  ["closed", "closed", get(CANCELLATION), ""],
  ["closed", "closed-refused", refused(CANCELLATION, {}, "Reopen account"), ""],
  ["closed", "plan-closed", get(PLAN), ""],
  ["leaving", "billing-cancelled=", showing(BILLING, "closes"), ""],
  ["leaving", "members-cancelled=", showing(LIST, "The account is cancelled and closes on"), ""],
  ["closed", "billing-closed=", showing(BILLING, "There is none: the account is closed."), ""],
  ["choosing", "billing-chosen=", showing(BILLING, "Billing becomes yearly on"), ""],
  ["choosing", "members-chosen=", showing(LIST, "Billing becomes yearly on"), ""],
  ["choosing", "plan-chosen=", async (page) => {
    await page.goto(PLAN);
    await page.getByRole("button", { name: "Stay on Pro, monthly" }).waitFor();
  }, ""],
  ["choosing", "plan-withdrawal", showing(`${PLAN}?plan=pro&interval=monthly`, "What was chosen for the next cycle is withdrawn."), ""],
  ["choosing", "selection-reactivate", async (page, world) => {
    const id = world.outside.split("/").at(-1);
    await showing(`${LIST}/selection?act=reactivate&member_ids=${id}`, "is charged today")(page, world);
  }, ""],
];
