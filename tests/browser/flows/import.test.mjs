// Numbers from a CSV file: upload, look, add, and mend what failed.
import assert from "node:assert/strict";
import fs from "node:fs";

import { both, flash, heading, isRefused, press, row, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal, readCsv } from "../lib/portal.mjs";

const LIST = "/settings/numbers";
const FILE = [
  "Number;Label;Assignee;Incoming;Colour",
  "+1 212-555-0111;Réception;bruno.diaz@acme.test;assignee;red",
  "+1 212-555-0112;;group:Front Desk;voicemail;",
  "+1 212-555-0112;Again;;;",
  "+1 212-555-0100;Main line;;;",
  "4.4E+11;From a spreadsheet;;;",
  "+1 212-555-0113;;nobody@acme.test;;",
].join("\r\n");

async function upload(page, text, name = "our numbers.csv") {
  await page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  return press(page, "Continue");
}

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name }).click()]);
  return fs.readFileSync(await file.path(), "utf8");
}

both("numbers from a file", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await page.goto(LIST);
  await page.getByRole("link", { name: "Import CSV" }).click();
  await isRefused(page, await press(page, "Continue"), ["Choose a CSV file."]);
  await isRefused(page, await upload(page, "phone,name\n1,2"), ["number"]);
  await isRefused(page, await upload(page, ""), []);

  assert.equal(await upload(page, FILE), 200);
  assert.equal(await heading(page), "Check the numbers");
  assert.match(await page.locator("main").innerText(), /2 to add\s+2 skipped\s+2 with errors\s+Nothing is added yet\./);
  assert.match(await page.locator("main").innerText(), /Colour/i, "a column that is not known is said");
  assert.match(await row(page, "0111").innerText(), /Réception\s+Add/);
  assert.match(await row(page, "The same number").innerText(), /Skip The same number as in line 3\./);
  assert.match(await row(page, "Main line").innerText(), /Skip In this account already\./);
  assert.match(await row(page, "4.4E+11").innerText(), /Error 4\.4E\+11 was rounded by a spreadsheet/);
  assert.match(await row(page, "0113").innerText(), /Error There is no user nobody@acme\.test\./);
  const early = await download(page, "Download rows with errors");
  await page.reload();
  assert.equal(await heading(page), "Check the numbers", "the preview can be opened again");

  const preview = page.url();
  assert.equal(await press(page, "Add 2 Numbers"), 200);
  assert.equal(await flash(page), "2 numbers were added.");
  assert.equal(page.url(), preview);
  assert.match(await page.getByRole("region", { name: "Result" }).innerText(), /Added\s+2 numbers\s+Skipped\s+2\s+With errors\s+2/);
  await page.goBack();
  const failed = await (async () => ((await page.goto(preview)), download(page, "Download rows with errors")))();
  assert.equal(failed, early);
  const rows = readCsv(failed.replaceAll(";", ","));
  assert.deepEqual(rows.map((row) => row.Number.replace(/^'/, "")), ["4.4E+11", "+1 212-555-0113"], "a plus at the beginning is no formula");
  await page.goto(LIST);
  assert.match(await row(page, "0111").innerText(), /Réception\s+Bruno Díaz\s+Bruno Díaz/);
  assert.match(await row(page, "0112").innerText(), /Front Desk\s+Voicemail/);

  // What failed is mended and sent again, with what worked: that is skipped.
  await page.goto(`${LIST}/import`);
  assert.equal(await upload(page, FILE.replace("4.4E+11", "+1 212-555-0114").replace("nobody@acme.test", "dana.silva@acme.test")), 200);
  assert.match(await page.locator("main").innerText(), /2 to add\s+4 skipped\s+0 with errors/);
  assert.equal(await page.getByRole("link", { name: "Download rows with errors" }).count(), 0);
  assert.equal(await press(page, "Add 2 Numbers"), 200);

  // An export can be imported.
  await page.goto(LIST);
  const exported = await download(page, "Export CSV");
  assert.equal(exported.split("\n")[0].trim(), "number,label,assignee,incoming");
  await page.goto(`${LIST}/import`);
  assert.equal(await upload(page, exported, "numbers.csv"), 200);
  assert.match(await page.locator("main").innerText(), /0 to add\s+12 skipped\s+0 with errors/);
});
