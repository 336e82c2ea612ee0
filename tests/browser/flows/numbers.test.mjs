// Numbers: adding, who holds them, who gets their calls, releasing.
import assert from "node:assert/strict";

import { enter, tabTo } from "../lib/keyboard.mjs";
import { links } from "../lib/pages.mjs";
import { at, both, flash, heading, isRefused, press, row, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/numbers";

/** The Owner of the sample company, in as many browsers. */
async function ada(t, open, count = 1) {
  const portal = await Portal.demo(t, 20);
  const pages = [];
  for (let i = 0; i < count; i++) {
    pages.push(await open(portal));
    assert.equal(await signIn(pages[i], "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  }
  return { pages, page: pages[0], numbers: await links(pages[0], LIST) };
}

both("adding numbers", async (t, open) => {
  const { page } = await ada(t, open);
  const add = async (number, label = "") => {
    await page.getByLabel("Number", { exact: true }).fill(number);
    await page.getByLabel("Label (optional)").fill(label);
    return press(page, "Add Number");
  };
  await isRefused(page, await add("4.4E+11", "Kept"), [
    "4.4E+11 was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again.",
  ]);
  assert.equal(await page.getByLabel("Number", { exact: true }).inputValue(), "4.4E+11");
  assert.equal(await page.getByLabel("Label (optional)").inputValue(), "Kept");
  await isRefused(page, await add("415 555 2671"), ["415 555 2671 lacks its country code. Start with a plus, like +14155552671."]);
  await isRefused(page, await add("+1 (212) 555-0100"), ["+1 212-555-0100 · Main line is in this account already."]);
  await page.getByRole("link", { name: "Open +1 212-555-0100" }).click();
  assert.equal(await heading(page), "+1 212-555-0100");
  await page.goto(LIST);
  assert.equal(await add(" +1 (415) 555-2671 ", "Sales West"), 200);
  assert.match(await flash(page), /^\+1 415-555-2671 was added\. Nobody gets its calls yet\./);
  assert.match(await row(page, "+1 415-555-2671").innerText(), /US[\s\S]*Sales West[\s\S]*! nobody/);
  await page.getByRole("searchbox", { name: "Search" }).fill("west");
  await page.getByLabel("Assigned", { exact: true }).selectOption({ label: "Not assigned" });
  assert.equal(await press(page, "Apply"), 200);
  assert.deepEqual(await page.locator("tbody th a").allInnerTexts(), ["+1 415-555-2671"]);
});

both("Incoming calls, Assign, user, Done; and the same from the member", async (t, open) => {
  const { page, numbers } = await ada(t, open);
  await page.goto(numbers["+1 212-555-0167"]);
  await page.getByRole("region", { name: "Incoming calls" }).getByRole("link", { name: "Assign" }).click();
  assert.equal(await heading(page), "Assign incoming calls for +1 212-555-0167");
  await page.getByRole("searchbox", { name: "Search" }).fill("chen.wei@");
  assert.equal(await press(page, "Search"), 200);
  await page.getByRole("radio", { name: /^Chen Wei .*chen\.wei@acme\.test/ }).check();
  assert.equal(await press(page, "Done"), 200);
  assert.equal(await flash(page), "Incoming calls of +1 212-555-0167 go to Chen Wei.");
  assert.match(await page.getByRole("region", { name: "Incoming calls" }).innerText(), /Chen Wei/);
  assert.match(await page.getByRole("region", { name: "Users" }).innerText(), /Chen Wei calls and texts from it\./, "nobody held it, so he does");

  const dana = (await links(page, "/settings/team/members?q=dana.silva%40"))["Dana Silva"];
  await page.goto(dana);
  await page.getByRole("region", { name: "Telephone numbers" }).getByRole("link", { name: "Assign" }).click();
  assert.equal(await heading(page), "Telephone numbers");
  const offered = await page.getByRole("radio").evaluateAll((all) => all.map((it) => it.labels[0].textContent.replace(/\s+/g, " ").trim()));
  assert.ok(offered.includes("+1 212-555-0189") && !offered.some((text) => text.includes("555-0167")), offered.join(", "));
  await isRefused(page, await press(page, "Done"), ["Choose a number."]);
  await page.getByRole("searchbox", { name: "Search" }).fill("5550167");
  assert.equal(await press(page, "Search"), 200);
  const taken = page.getByRole("radio", { name: /^\+1 212-555-0167 Assigned to Chen Wei/ });
  assert.equal(await taken.isDisabled(), true, "a taken number names its holder");
  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByRole("radio", { name: "+1 212-555-0189" }).check();
  assert.equal(await press(page, "Done"), 200);
  assert.equal(at(page), dana);
  assert.equal(await flash(page), "+1 212-555-0189 is assigned to Dana Silva.");
  assert.match(await page.getByRole("region", { name: "Telephone numbers" }).innerText(), /\+1 212-555-0189/);
  await page.goto(`${LIST}?q=dana`);
  assert.match(await row(page, "+1 212-555-0189").innerText(), /Dana Silva[\s\S]*Dana Silva/);
  await page.goto(dana);
  assert.equal(await press(page, "Unassign +1 212-555-0189"), 200);
  assert.match(await page.getByRole("region", { name: "Telephone numbers" }).innerText(), /None\./);
});

both("two people assign one number, and label it", async (t, open) => {
  const { pages: [first, second], numbers } = await ada(t, open, 2);
  const href = numbers["+1 212-555-0167"];
  for (const page of [first, second]) await page.goto(`${href}/assignment`);
  await first.getByRole("radio", { name: /^Front Desk/ }).check();
  assert.equal(await press(first, "Done"), 200);
  await second.getByRole("radio", { name: /^Bruno Díaz .*bruno\.diaz@/ }).check();
  assert.equal(await press(second, "Done"), 409);
  assert.match(await second.locator(".summary:focus").innerText(), /Somebody else changed this number meanwhile, so nothing was saved\. This is how it is now\./);
  assert.equal(await second.getByRole("radio", { name: /^Front Desk/ }).isChecked(), true, "the present state is shown");

  for (const page of [first, second]) await page.goto(href);
  await first.getByLabel("Label (optional)").fill("Door");
  assert.equal(await press(first, "Save Changes"), 200);
  await second.getByLabel("Label (optional)").fill("Gate");
  assert.equal(await press(second, "Save Changes"), 409);
  assert.match(await second.locator(".summary:focus").innerText(), /nothing was saved\. The label is “Door” now\. You typed “Gate”\./);
  assert.equal(await second.getByLabel("Label (optional)").inputValue(), "Door");
  await second.getByLabel("Label (optional)").fill("Gate");
  assert.equal(await press(second, "Save Changes"), 200);
  assert.equal(await second.getByLabel("Label (optional)").inputValue(), "Gate");
});

both("releasing a number that something uses, then nothing", async (t, open) => {
  const { pages: [page, other], numbers } = await ada(t, open, 2);
  const href = numbers["+44 20 7946 0958"];
  await page.goto(href);
  await page.getByRole("link", { name: "Release number" }).click();
  assert.equal(await heading(page), "Release +44 20 7946 0958?");
  assert.match(await page.locator("main").innerText(), /It cannot be released while something uses it\.[\s\S]*It is assigned to Bruno Díaz\./);
  assert.equal(await page.getByRole("button", { name: "Release Number" }).count(), 0);
  await page.getByRole("link", { name: /^Unassign/ }).click();
  await page.getByRole("radio", { name: /^Nobody/ }).check();
  assert.equal(await press(page, "Done"), 200);
  await page.goto(`${href}/removal`);
  assert.match(await page.locator("main").innerText(), /Nothing uses it\./);

  // Somebody assigns it while the question is open.
  await other.goto(`${href}/assignment`);
  await other.getByRole("radio", { name: /^Front Desk/ }).check();
  assert.equal(await press(other, "Done"), 200);
  assert.equal(await press(page, "Release Number"), 422);
  assert.match(await page.locator("main").innerText(), /It was not released: something uses it\.[\s\S]*Front Desk/);
  await other.goto(`${href}/assignment`);
  await other.getByRole("radio", { name: /^Nobody/ }).check();
  assert.equal(await press(other, "Done"), 200);
  await page.goto(`${href}/removal`);
  assert.equal(await press(page, "Release Number"), 200);
  assert.equal(at(page), LIST);
  assert.equal(await flash(page), "+44 20 7946 0958 is released.");
  assert.equal(await row(page, "7946").count(), 0);
  assert.equal(await visit(page, href), 404);
});

both("a number by keyboard alone", async (t, open) => {
  const { page } = await ada(t, open);
  await tabTo(page, "Number");
  await page.keyboard.type("+14155552671");
  await tabTo(page, "Label");
  await page.keyboard.type("Keys");
  assert.equal(await enter(page, "Add Number"), 200);
  assert.equal(await enter(page, "Assign"), 200);
  await tabTo(page, "Whoever the number is assigned to");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getByRole("radio", { name: /^Voicemail/ }).isChecked(), true);
  assert.equal(await enter(page, "Done"), 200);
  assert.equal(await flash(page), "Incoming calls of +1 415-555-2671 go to voicemail.");
});
