// The pages of billing, for the sweep: who visits, a name, how to get there, the door it is.
import { get, links } from "../lib/pages.mjs";

const HOME = "/settings/billing";

/** What these pages need in the sample company; `page` is its Owner's. After whatever makes people come and go. */
export async function prepareBilling(page, world) {
  const found = await links(page, HOME);
  world.invoice = found["INV-0001"];
}

export const BILLING_PAGES = [
  ["newcomer", "billing-empty=", get(HOME), ""],

  ["owner", "billing", get(HOME), HOME],
  ["owner", "billing-explained=", async (page) => {
    await page.goto(HOME);
    await page.getByText("How this is worked out").click();
  }, ""],
  ["owner", "billing-behind=", get(`${HOME}?after=2&invoices_after=1`), ""],
  ["owner", "invoice", get((world) => world.invoice), `${HOME}/invoices/{id}`],
];
