// Pages of the plan, of cancelling and of a closed account, for the sweep: who visits, a name, how to get there, the door it is.
import { get, refused, send } from "../lib/pages.mjs";
import { closeNow } from "../lib/billing.mjs";
import { open, press, signIn } from "../lib/people.mjs";
import { PASSWORD } from "../lib/portal.mjs";

const PLAN = "/settings/billing/plan";
const CANCELLATION = "/settings/account/cancellation";

/** A company that is cancelled, and one that is closed. */
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
}

/** The visitors of these pages. */
export const PLAN_VISITORS = {
  leaving: (page) => signIn(page, "lea@leaving.test", PASSWORD),
  closed: (page) => signIn(page, "clo@closed.test", PASSWORD),
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
];
