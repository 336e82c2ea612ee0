// Several people at once: ticked on the list, told what happens to each, and back on the same list.
import assert from "node:assert/strict";

import { at, both, flash, heading, press, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

const LIST = "/settings/team/members";

async function tick(page, names, act) {
  for (const name of names) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).first().check();
  await page.getByRole("combobox", { name: "With selected" }).selectOption(act);
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Continue" }).click()]);
}

both("deactivate, reactivate, change the role and remove several", async (t, open) => {
  const portal = await Portal.demo(t, 20);
  const [ada, dana] = [await open(portal), await open(portal)];
  assert.equal(await signIn(ada, "ada.okafor@acme.test", DEMO_PASSWORD), 200);
  assert.equal(await signIn(dana, "dana.silva@acme.test", DEMO_PASSWORD), 200);

  await ada.goto(`${LIST}?sort=-name`);
  await tick(ada, ["Dana Silva", "Bruno Díaz", "Ada Okafor"], "deactivate");
  assert.equal(await heading(ada), "Deactivate 2 people?");
  const row = (name) => ada.getByRole("row", { name }).innerText();
  assert.match(await row("Ada Okafor"), /Stays as they are: The Owner cannot be deactivated or removed/);
  assert.match(await row("Dana Silva"), /Is signed out everywhere/);
  assert.equal(await press(ada, "Deactivate 2 people"), 200);
  assert.match(await flash(ada), /^2 people deactivated\. Ada Okafor: /);
  assert.equal(at(ada), `${LIST}?sort=-name`, "back where they were ticked");
  await dana.goto("/profile");
  assert.match(at(dana), /^\/login/);

  await tick(ada, ["Dana Silva", "Bruno Díaz"], "reactivate");
  assert.equal(await press(ada, "Reactivate 2 people"), 200);
  assert.equal(await flash(ada), "2 people reactivated.");

  await tick(ada, ["Dana Silva"], "role");
  assert.equal(await heading(ada), "Change role?");
  await ada.getByRole("radio", { name: /^Supervisor/ }).check();
  await Promise.all([ada.waitForNavigation(), ada.getByRole("button", { name: "Continue" }).click()]);
  assert.equal(await heading(ada), "Change the role of 1 person to Supervisor?");
  assert.equal(await press(ada, "Change the role of 1 person"), 200);
  assert.equal(await flash(ada), "The role of 1 person is Supervisor now.");

  await tick(ada, ["Dana Silva"], "remove");
  assert.match(await row("Dana Silva"), /Loses .*1 group/);
  await ada.getByRole("link", { name: "Deactivate instead" }).waitFor();
  assert.equal(await press(ada, "Remove 1 person"), 200);
  assert.equal(await ada.getByRole("link", { name: "Dana Silva" }).count(), 0);

  // Nobody ticked, nothing chosen: a sentence each.
  await Promise.all([ada.waitForNavigation(), ada.getByRole("button", { name: "Continue" }).click()]);
  assert.match(await ada.locator(".summary").innerText(), /Choose what to do with those you tick\.[^]*Tick at least one person\./);
});
