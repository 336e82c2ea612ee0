// Many people from a file: upload, check, send, watch, and mend what failed.
import assert from "node:assert/strict";
import fs from "node:fs";

import { flaws, violations } from "../lib/axe.mjs";
import { both, heading, isRefused, press, row, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal, readCsv, until } from "../lib/portal.mjs";

const BULK = "/settings/team/bulk-invites";
const FILE = [
  "Email;Role;First name;Phone number;Colour",
  "Nia.Obi@new.test;agent;Nia;;red",
  "sam@new.test;;;;",
  "bruno.diaz@acme.test;admin;;;",
  "nia.obi@new.test;agent;;;",
  "bob@;agnet;=1+1;;",
  "zoe@new.test;agent;;4.4E+11;",
].join("\r\n");

async function upload(page, text, name = "new people.csv") {
  await page.goto(`${BULK}/new`);
  await page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  return press(page, "Continue");
}

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return fs.readFileSync(await file.path(), "utf8");
}

/** Waits for the result, as somebody who presses Refresh. */
async function result(page) {
  await until(async () => {
    if ((await heading(page)) === "Result") return true;
    await page.reload();
    return false;
  }, "the result", 60_000);
}

const main = (page) => page.locator("main").innerText();

both("people from a file", async (t, open, js) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await page.getByRole("link", { name: "Bulk Invite" }).click();
  assert.equal(await heading(page), "Bulk Invite");
  assert.match(await download(page, "Download template"), /^email,role,phone_number/);
  await page.getByRole("link", { name: "Upload a file" }).click();
  await isRefused(page, await press(page, "Continue"), ["Choose a CSV file, or paste its rows below."]);
  await isRefused(page, await upload(page, "name\nAna"), ["does not name the column email"]);
  await page.getByLabel("Or paste rows").fill("a@new.test,agent");
  await isRefused(page, await press(page, "Continue"), ["does not name the column email"]);
  assert.equal(await page.getByLabel("Or paste rows").inputValue(), "a@new.test,agent", "what was pasted stays");

  assert.equal(await upload(page, FILE), 200);
  assert.equal(await heading(page), "Check the invites");
  assert.match(await main(page), /2 to invite\s+2 skipped\s+2 with errors\s+Nothing is sent yet\./);
  assert.match(await main(page), /Column Colour was ignored\./);
  assert.match(await main(page), /There is a problem with 2 rows/i);
  assert.match(await main(page), /Up to \$[\d,]+\.\d\d if all accept today; each is charged on acceptance/);
  assert.match(await row(page, "sam@new.test").innerText(), /Invite No role given: agent\./);
  assert.match(await row(page, "bruno.diaz@acme.test").innerText(), /Skip Active already\./);
  assert.match(await row(page, "The same address").innerText(), /as in line 2\./);
  assert.match(await row(page, "bob@").innerText(), /Error “bob@” is not an email address.*Role “agnet”: use admin, supervisor or agent\./);
  assert.match(await row(page, "4.4E+11").innerText(), /was rounded by a spreadsheet/);
  const early = readCsv((await download(page, "Download rows with errors")).replaceAll(";", ","));
  assert.deepEqual(early.map((row) => row.Email), ["bob@", "zoe@new.test"]);
  await page.getByRole("link", { name: "Errors (2)" }).click();
  assert.equal(await page.locator("tbody tr").count(), 2);

  const preview = page.url().split("?")[0];
  assert.equal(await press(page, "Send Invites"), 200);
  await result(page);
  assert.equal(page.url(), preview);
  assert.match(await main(page), /Invited\s+2\s+Skipped\s+2\s+With errors\s+2/);
  await row(page, "nia.obi@new.test").getByRole("link").first().click();
  assert.match(await row(page, "nia.obi@new.test").innerText(), /Invited · expires in 7 days/);

  // What failed is mended and uploaded again, with the column of errors.
  await page.goto(preview);
  const failed = await download(page, "Download rows with errors");
  assert.equal(await upload(page, failed.replace("bob@;agnet", "bob@new.test;agent").replace("4.4E+11", "")), 200);
  assert.match(await main(page), /2 to invite\s+0 skipped\s+0 with errors/);
  assert.equal(await press(page, "Send Invites"), 200);
  await result(page);

  // Many: the page can be watched, and left.
  const many = ["email,role", ...Array.from({ length: 3000 }, (_, i) => `many${i}@new.test,agent`)].join("\n");
  assert.equal(await upload(page, many, "many.csv"), 200);
  await page.getByRole("link", { name: "Next page" }).click();
  assert.match(await page.locator("caption").innerText(), /Lines 102 to 201; the file has 3,000 rows/);
  assert.equal(await press(page, "Send Invites"), 200);
  assert.equal(await heading(page), "Sending the invites");
  if (js) {
    assert.deepEqual([...(await flaws(page)), ...(await violations(page))], []);
    await page.getByRole("heading", { name: "Result" }).waitFor({ timeout: 60_000 });
  } else {
    await result(page);
  }
  assert.match(await main(page), /Invited\s+3,000/);
  await page.goto(BULK);
  assert.match(await row(page, "many.csv").innerText(), /Ada Okafor\s+Sent\s+3,000\s+0\s+0/);
});
