// Billing: what the Owner reads, opens, prints and takes along.
import assert from "node:assert/strict";
import fs from "node:fs";

import { enter } from "../lib/keyboard.mjs";
import { accountMenu, both, heading, press, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal, readCsv } from "../lib/portal.mjs";

const HOME = "/settings/billing";

async function owner(t, open) {
  const page = await open(await Portal.demo(t, 30));
  assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  return page;
}

both("from the members to an invoice, on paper and as files", async (t, open) => {
  const page = await owner(t, open);
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Billing" }).click();
  assert.equal(await heading(page), "Billing");
  assert.match(await page.locator(".page-head p").first().innerText(), /^Pro plan · \$49\.00 per seat and month · renews /);
  assert.equal(await page.getByText("Invited people count once they accept").isVisible(), false);
  await page.getByText("How this is worked out").click();
  assert.equal(await page.getByText("Invited people count once they accept").isVisible(), true);

  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export CSV" }).click()]);
  const rows = readCsv(fs.readFileSync(await csv.path(), "utf8"));
  assert.deepEqual(Object.keys(rows[0]), ["number", "date", "total", "status"]);
  const total = (await page.getByRole("table", { name: /invoices?, newest/ }).getByRole("row").filter({ hasText: "INV-0001" }).locator("td").nth(1).innerText()).trim();
  assert.equal(`$${Number(rows.at(-1).total).toLocaleString("en-US", { minimumFractionDigits: 2 })}`, total);

  await page.getByRole("link", { name: "View INV-0001" }).click();
  assert.equal(await heading(page), "Invoice INV-0001");
  assert.equal(await page.locator(".facts strong").innerText(), total);
  const [pdf] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "PDF of INV-0001" }).click()]);
  assert.equal(pdf.suggestedFilename(), "INV-0001.pdf");
  assert.equal(fs.readFileSync(await pdf.path()).subarray(0, 5).toString(), "%PDF-");

  await page.emulateMedia({ media: "print" });
  for (const gone of [".top", ".side", ".back", "main .btn"]) assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  assert.equal(await page.locator("table").isVisible(), true);
});

both("an invoice by keyboard alone", async (t, open) => {
  const page = await owner(t, open);
  assert.equal(await enter(page, "Billing"), 200);
  assert.equal(await enter(page, "View INV-0001", 400), 200);
  assert.equal(await heading(page), "Invoice INV-0001");
});

both("an Admin is told whom to ask", async (t, open) => {
  const page = await owner(t, open);
  await page.goto("/profile");
  await press(page, "Sign out", await accountMenu(page));
  assert.equal(await signIn(page, "bruno.diaz@acme.test", DEMO_PASSWORD), 200);
  assert.equal(await page.getByRole("link", { name: "Billing" }).count(), 0);
  assert.equal((await page.goto(HOME)).status(), 403);
  assert.match(await page.locator("main").innerText(), /Ada Okafor/);
});
