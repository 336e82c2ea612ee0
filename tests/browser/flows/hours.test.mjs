// The editor of a group's business hours, and two people who edit one group.
import assert from "node:assert/strict";

import { focused, tabTo } from "../lib/keyboard.mjs";
import { links } from "../lib/pages.mjs";
import { both, flash, heading, isRefused, press, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

/** The Owner of the sample company in `count` browsers at the settings of a group. */
async function settings(t, open, name, count = 1) {
  const portal = await Portal.demo(t, 20);
  const pages = [];
  let group;
  for (let i = 0; i < count; i++) {
    const page = await open(portal);
    assert.equal(await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
    group ??= (await links(page, "/settings/user-groups"))[name];
    assert.equal(await visit(page, `${group}/settings`), 200);
    pages.push(page);
  }
  return { pages, group };
}

const day = (page, name) => page.getByRole("group", { name, exact: true });
const times = (page, name) => day(page, name).locator("input[type=time]").evaluateAll((all) => all.map((it) => it.value).join(" "));
/** Types a span's two times. */
async function type(page, name, nth, opens, closes) {
  await page.getByLabel(`${name}, span ${nth}, opens`).fill(opens);
  await page.getByLabel(`${name}, span ${nth}, closes`).fill(closes);
}

both("the editor's buttons, saving, and what is open now", async (t, open) => {
  const { pages: [page] } = await settings(t, open, "Tier 2 Support");
  const panel = page.getByRole("region", { name: "Business hours" });
  assert.match(await panel.innerText(), /Always open/);
  assert.equal(await press(page, "Add hours to Monday"), 200);
  assert.match(await panel.innerText(), /These hours are not saved yet\./);
  await type(page, "Monday", 1, "09:00", "12:00");
  assert.equal(await press(page, "Add hours to Monday"), 200);
  await type(page, "Monday", 2, "13:00", "17:00");
  await page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await page.getByLabel("Closed dates").fill("2026-12-25");
  assert.equal(await press(page, "Copy to weekdays from Monday"), 200);
  for (const name of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) assert.equal(await times(page, name), "09:00 12:00 13:00 17:00", name);
  assert.match(await day(page, "Saturday").innerText(), /Closed/);
  assert.equal(await press(page, "Delete span 2 of Friday"), 200);
  assert.equal(await times(page, "Friday"), "09:00 12:00");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Berlin");
  assert.equal(await page.getByLabel("Closed dates").inputValue(), "2026-12-25");
  assert.equal(await press(page, "Save business hours"), 200);
  assert.equal(await flash(page), "The business hours are saved.");
  assert.equal(await times(page, "Monday"), "09:00 12:00 13:00 17:00");
  assert.match(await panel.innerText(), /(Open now, closes|Closed now, opens) (Mon|Tue|Wed|Thu|Fri)? ?\d\d:00 \(Europe\/Berlin\)/);

  assert.equal(await press(page, "Mon–Fri 9–5"), 200);
  assert.equal(await times(page, "Friday"), "09:00 17:00");
  await page.reload();
  await page.goto(page.url().replace(/#.*/, ""));
  assert.equal(await times(page, "Friday"), "09:00 12:00", "a preset is not saved by itself");
  assert.equal(await press(page, "24/7"), 200);
  await page.getByLabel("Closed dates").fill("");
  assert.equal(await press(page, "Save business hours"), 200);
  assert.match(await panel.innerText(), /Always open/);
});

both("hours that overlap", async (t, open) => {
  const { pages: [page] } = await settings(t, open, "West Coast Sales");
  await type(page, "Monday", 2, "11:00", "17:30");
  await page.getByLabel("Wednesday, span 1, closes").fill("");
  await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
  await page.getByLabel("Closed dates").fill("2026-12-25\nChristmas");
  const overlap = "Monday: 09:00–12:00 overlaps 11:00–17:30. Change or delete one of them.";
  await isRefused(page, await press(page, "Save business hours"), [
    overlap,
    "Wednesday: enter when it closes; it opens at 09:00.",
    "“Christmas” is not a date. Write dates like 2026-12-25.",
  ]);
  assert.equal(await day(page, "Monday").getAttribute("aria-invalid"), "true");
  assert.ok((await day(page, "Monday").innerText()).includes(overlap), "the sentence stands at the day");
  assert.equal(await day(page, "Tuesday").getAttribute("aria-invalid"), null);
  assert.equal(await times(page, "Monday"), "09:00 12:00 11:00 17:30");
  assert.equal(await times(page, "Wednesday"), "09:00 ");
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Asia/Tokyo");
  assert.equal(await page.getByLabel("Closed dates").inputValue(), "2026-12-25\nChristmas");
  await page.getByLabel("Wednesday, span 1, closes").fill("02:00");
  await page.getByLabel("Closed dates").fill("2026-12-25");
  assert.equal(await press(page, "Delete span 2 of Monday"), 200);
  assert.equal(await press(page, "Save business hours"), 200);
  assert.equal(await times(page, "Monday"), "09:00 12:00");
  assert.equal(await times(page, "Wednesday"), "09:00 02:00", "past midnight");
});

both("hours by keyboard alone", async (t, open) => {
  const { pages: [page] } = await settings(t, open, "Tier 2 Support");
  const go = async (name) => {
    await tabTo(page, name);
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  };
  await go("Add hours to Sunday");
  assert.equal(await times(page, "Sunday"), " ");
  await tabTo(page, "Sunday, span 1, opens");
  await page.keyboard.type("1000AM");
  await tabTo(page, "Sunday, span 1, closes");
  await page.keyboard.type("0230PM");
  assert.equal(await focused(page), "Sunday, span 1, closes");
  // Enter in a field saves, and does not press the nearest button.
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  assert.equal(await flash(page), "The business hours are saved.");
  assert.equal(await times(page, "Sunday"), "10:00 14:30");
});

both("two people edit one group", async (t, open) => {
  const { pages: [first, second], group } = await settings(t, open, "Front Desk", 2);
  await first.getByRole("radio", { name: /^Round-robin/ }).check();
  assert.equal(await press(first, "Save ring strategy"), 200);
  await second.getByLabel("Ring for, in seconds").fill("99");
  assert.equal(await press(second, "Save ring strategy"), 409);
  const summary = second.locator(".summary:focus");
  assert.match(await summary.innerText(), /^Changed meanwhile\s+Somebody else changed this group since you opened the page, so nothing was saved\. This is how it is now\.$/);
  assert.equal(await second.getByRole("radio", { name: /^Round-robin/ }).isChecked(), true, "the present state is shown");
  assert.equal(await second.getByLabel("Ring for, in seconds").inputValue(), "20");
  await second.getByLabel("Ring for, in seconds").fill("99");
  assert.equal(await press(second, "Save ring strategy"), 200, "and can be changed");

  for (const page of [first, second]) await page.goto(group);
  for (const [page, name, status] of [[first, "Reception", 200], [second, "Lobby", 409]]) {
    await page.getByText("Rename this group").click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    assert.equal(await press(page, "Save name"), status);
    assert.equal(await heading(page), "Reception");
  }
});
