// Every page there is, light and dark, wide and narrow: axe finds nothing, nothing scrolls sideways, the console is quiet.
// A new GET door of src/doors.rs is a new row: in PAGES below, or in a file of its own like groups.mjs; the last test counts them.
import assert from "node:assert/strict";
import fs from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { flaws, sticksOut, violations } from "../lib/axe.mjs";
import { answer, get, refused } from "../lib/pages.mjs";
import { accountMenu, invite, join, open, press, row, signIn, visit } from "../lib/people.mjs";
import { DEMO_PASSWORD, PASSWORD, Portal } from "../lib/portal.mjs";
import { ENDING_PAGES, prepareEndings } from "./endings.mjs";
import { BILLING_PAGES, prepareBilling } from "./billing.mjs";
import { BULK_PAGES, prepareBulk } from "./bulk.mjs";
import { FACTOR_PAGES, factorSignIn, prepareFactors } from "./factors.mjs";
import { GROUP_PAGES, loseGroup, prepareGroups } from "./groups.mjs";
import { IDENTITY_PAGES, prepareIdentities, signInGiven } from "./identities.mjs";
import { NUMBER_PAGES, prepareNumbers } from "./numbers.mjs";
import { PLAN_PAGES, PLAN_VISITORS, preparePlans } from "./plan.mjs";
import { ROLE_PAGES, prepareRoles } from "./roles.mjs";
import { SELECTION_PAGES } from "./selection.mjs";

const RESULTS = fileURLToPath(new URL("../results/", import.meta.url));
const UNKNOWN = "A".repeat(43);
const NOBODY = "01J0000000000000000000000Z".toLowerCase();

let invited = 0;
const fresh = () => `fresh${++invited}@acme.test`;

/** The kinds of visitor, and how each becomes it. */
const WHO = {
  nobody: async () => {},
  owner: (page) => signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD),
  agent: (page) => signIn(page, "dana.silva@acme.test", DEMO_PASSWORD),
  twice: async () => {},
  // Somebody with a password that somebody else gave them.
  given: signInGiven,
  // Somebody whose sign-in takes two steps.
  careful: factorSignIn,
  // The Owner of a company that has nothing yet.
  newcomer: (page) => signIn(page, "nia@empty.test", PASSWORD),
  ...PLAN_VISITORS,
};

/** [who, name, how to get there, the doors it is]; a name that ends in `=` shares its title with another page. */
const PAGES = [
  ["nobody", "login", get("/login"), "/login"],
  ["nobody", "login-notice=", get("/login?done=reset"), ""],
  ["nobody", "login-refused", refused("/login", {}, "Sign in"), ""],
  ["nobody", "signup-closed", get("/signup", 403), ""],
  ["nobody", "forgot", get("/password/new"), "/password/new"],
  ["nobody", "forgot-refused", refused("/password/new", { login: "a b" }, "Send link"), ""],
  ["nobody", "forgot-sent", async (page) => {
    await page.goto("/password/new");
    await page.locator("[name=login]").fill("nobody@acme.test");
    assert.equal(await press(page, "Send link"), 200);
  }, ""],
  ["nobody", "reset", get((world) => world.reset), "/password/{token}"],
  ["nobody", "reset-refused", refused((world) => world.reset, { password: "short" }, "Save password"), ""],
  ["nobody", "reset-gone", get(`/password/${UNKNOWN}`, 410), ""],
  ["nobody", "accept", get((world) => world.invitation), "/invitations/{token}"],
  ["nobody", "accept-refused", refused((world) => world.invitation, { first_name: "Bruno", password: "short" }, /^Join/), ""],
  ["nobody", "accept-unknown", get(`/invitations/${UNKNOWN}`, 404), ""],
  ["nobody", "accept-used", get((world) => world.used, 410), ""],
  ["nobody", "accept-cancelled", get((world) => world.cancelled, 410), ""],
  ["nobody", "accept-replaced", get((world) => world.replaced, 410), ""],
  ["nobody", "confirm-email", get((world) => world.confirmation), "/email-confirmations/{token}"],
  ["nobody", "confirm-email-gone=", get(`/email-confirmations/${UNKNOWN}`, 410), ""],
  ["nobody", "email-change", get((world) => world.change), "/email-changes/{token}"],
  ["nobody", "email-change-gone=", get(`/email-changes/${UNKNOWN}`, 410), ""],
  ["nobody", "failure-404", get("/there/is/nothing", 404), ""],
  ["nobody", "failure-405", get("/logout", 405), ""],
  ["nobody", "failure-cross-site", answer("POST", "/login", 403, { origin: "http://evil.test" }), ""],
  ["nobody", "failure-421", answer("GET", "/login", 421, { host: "evil.test" }), ""],
  ["nobody", "failure-429", async (page) => {
    await page.goto("/login");
    for (let tries = 0; tries < 6; tries++) {
      await page.locator("[name=login]").fill("stranger@acme.test");
      await page.locator("[name=password]").fill("not a passphrase");
      if ((await press(page, "Sign in")) === 429) return;
    }
    assert.fail("so many wrong tries at once are too many");
  }, ""],
  ["twice", "choose-account", async (page) => assert.equal(await signIn(page, "twice@acme.test", PASSWORD), 200), ""],

  ["owner", "members", get("/settings/team/members"), "/settings/team/members"],
  ["owner", "members-invited=", get("/settings/team/members?status=invited&sort=-name"), ""],
  ["owner", "members-menu=", async (page) => {
    await page.goto("/settings/team/members?q=pending%40");
    await page.getByRole("button", { name: "Actions for pending@acme.test" }).click();
    await row(page, "pending@acme.test").locator(".menu").waitFor();
  }, ""],
  ["owner", "account-menu=", async (page) => {
    await page.goto("/profile/sessions");
    await (await accountMenu(page)).waitFor();
  }, ""],
  ["owner", "members-no-match=", get("/settings/team/members?q=nobody-is-called-so&status=active"), ""],
  ["owner", "members-last=", async (page) => {
    await page.goto("/settings/team/members?sort=-joined");
    for (const next = page.getByRole("link", { name: "Next page" }); await next.count(); ) await Promise.all([page.waitForNavigation(), next.click()]);
  }, ""],
  ["owner", "invite", get("/settings/team/members/new"), "/settings/team/members/new"],
  ["owner", "invite-refused", async (page) => assert.equal(await invite(page, "chen@, dana"), 422), ""],
  ["owner", "invite-known=", async (page) => assert.equal(await invite(page, "ada.okafor@acme.test, pending@acme.test, new@acme.test"), 422), ""],
  ["owner", "member-active", async (page) => {
    await page.goto("/settings/team/members?role=supervisor");
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "Chen Wei" }).click()]);
  }, "/settings/team/members/{id}"],
  ["owner", "member-invited", async (page) => {
    await page.goto("/settings/team/members?q=pending%40");
    await Promise.all([page.waitForNavigation(), page.getByRole("link", { name: "pending@acme.test" }).click()]);
  }, ""],
  ["owner", "member-deactivated", async (page) => {
    await page.goto("/settings/team/members?status=deactivated");
    await Promise.all([page.waitForNavigation(), page.locator("tbody th a").first().click()]);
  }, ""],
  ["owner", "member-link", async (page) => {
    await page.goto("/settings/team/members?q=linked%40");
    await page.getByRole("button", { name: "Actions for linked@acme.test" }).click();
    assert.equal(await press(page, "Show invite link"), 200);
  }, ""],
  ["owner", "flash-ok=", async (page) => assert.equal(await invite(page, fresh()), 200), ""],
  ["owner", "flash-too-soon=", async (page) => {
    const email = fresh();
    await invite(page, email);
    await page.goto(`/settings/team/members?q=${encodeURIComponent(email)}`);
    await page.getByRole("button", { name: `Actions for ${email}` }).click();
    await press(page, "Resend");
    await page.locator("main > .alert.bad").waitFor();
  }, ""],
  ["owner", "audit", get("/settings/audit-log"), "/settings/audit-log"],
  ["owner", "audit-filtered=", get("/settings/audit-log?q=bruno&from=2020-01-01"), ""],
  ["owner", "audit-no-match=", get("/settings/audit-log?q=nothing-like-it"), ""],
  ["owner", "profile", get("/profile"), "/profile"],
  ["owner", "profile-refused", refused("/profile", { first_name: "" }, "Save Changes"), ""],
  ["owner", "password", get("/profile/password"), "/profile/password"],
  ["owner", "password-refused", refused("/profile/password", { password: "short" }, "Change password"), ""],
  ["owner", "email", get("/profile/email"), "/profile/email"],
  ["owner", "email-refused", refused("/profile/email", { email: "nowhere" }, "Send link"), ""],
  ["owner", "sessions", get("/profile/sessions"), "/profile/sessions"],
  ["owner", "somebody-else", get((world) => world.invitation), ""],
  ["owner", "failure-404-member=", get(`/settings/team/members/${NOBODY}`, 404), ""],
  ...ENDING_PAGES,
  ...BILLING_PAGES,
  ...BULK_PAGES,
  ...GROUP_PAGES,
  ...IDENTITY_PAGES,
  ...NUMBER_PAGES,
  ...PLAN_PAGES,
  ...ROLE_PAGES,
  ...SELECTION_PAGES,
  ...FACTOR_PAGES,
  // More pages go here: of one ability, in a file beside this one.
  ["agent", "failure-403", get("/settings/team/members", 403), ""],
  ["agent", "profile-agent=", get("/profile"), ""],
  ["agent", "sessions-agent=", get("/profile/sessions"), ""],
];

/** A company with something in every corner, and a link of every kind. */
async function build(t) {
  const portal = await Portal.demo(t, 130);
  const page = await open(t, portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  await invite(page, "pending@acme.test, linked@acme.test, joins@acme.test, leaves@acme.test, again@acme.test", "Admin");
  const world = { portal };
  const linkTo = async (email, subject = /invited you/) => new URL((await portal.mail(email, subject)).link).pathname;
  world.invitation = await linkTo("pending@acme.test");
  world.used = await linkTo("joins@acme.test");
  world.cancelled = await linkTo("leaves@acme.test");
  world.replaced = await linkTo("again@acme.test");
  for (const [email, entry] of [["leaves@acme.test", "Cancel invite"], ["again@acme.test", "Show invite link"]]) {
    await page.goto(`/settings/team/members?q=${encodeURIComponent(email)}`);
    await page.getByRole("button", { name: `Actions for ${email}` }).click();
    await press(page, entry);
  }
  const joins = await open(t, portal);
  await join(joins, world.used, "Jo", "Ins", PASSWORD);
  await page.goto("/profile/email");
  await page.getByLabel("New email").fill("ada.new@acme.test");
  await page.getByLabel("Current password").first().fill(DEMO_PASSWORD);
  await press(page, "Send link");
  world.change = await linkTo("ada.new@acme.test", /./);
  world.reset = new URL(/http\S+/.exec(await portal.command(["reset-password", "bruno.diaz@acme.test"]))[0]).pathname;
  for (const company of ["Second Company", "The Third Company With a Rather Long Name of Its Own"]) {
    await portal.owner(company, "Twice Over", "twice@acme.test");
  }
  world.confirmation = await linkTo("twice@acme.test", /Confirm your email/);
  await portal.owner("Empty Company", "Nia Newman", "nia@empty.test");
  await prepareEndings(page, world);
  await prepareGroups(page, world);
  await prepareNumbers(page, world);
  await prepareRoles(page, world);
  await prepareBulk(page, world);
  await prepareFactors(t, world);
  await preparePlans(t, world);
  await loseGroup(page, world);
  await prepareIdentities(page, world);
  await prepareBilling(page, world);
  await page.context().close();
  return world;
}

test("every page, in both themes and both widths", { timeout: 1_800_000 }, async (t) => {
  fs.rmSync(RESULTS, { recursive: true, force: true });
  fs.mkdirSync(RESULTS, { recursive: true });
  const world = await build(t);
  const titles = new Map();
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      for (const who of Object.keys(WHO)) {
        const page = await open(t, world.portal, { scheme, width });
        await WHO[who](page, world);
        for (const [, name, go] of PAGES.filter(([visitor]) => visitor === who)) {
          await t.test(`${name.replace("=", "")}, ${scheme}, ${width} px`, async () => {
            await page.setViewportSize({ width, height: 900 });
            await go(page, world);
            await measure(page, `${name.replace("=", "")}-${scheme}-${width}`);
            if (!name.endsWith("=")) titles.set(await page.title(), (titles.get(await page.title()) ?? new Set()).add(name));
          });
        }
        if (who === "owner") await signOutQuietly(page);
        await page.context().close();
      }
    }
  }
  await t.test("titles are unique", () => {
    assert.deepEqual([...titles].filter(([, names]) => names.size > 1).map(([title, names]) => `${title}: ${[...names].join(", ")}`), []);
  });
});

async function signOutQuietly(page) {
  await page.goto("/profile");
  await press(page, "Sign out", await accountMenu(page));
}

/** Everything that holds for every page. */
async function measure(page, name) {
  // Before the picture is taken, which puts styles of its own into the page.
  const wrong = await flaws(page);
  await page.screenshot({ path: `${RESULTS}${name}.png`, fullPage: true });
  wrong.push(...(await violations(page)));
  if (name.endsWith("-390")) wrong.push(...(await sticksOut(page)));
  wrong.push(...page.complaints.splice(0));
  assert.deepEqual(wrong, []);
}

test("the first visit, before there is anybody", async (t) => {
  fs.mkdirSync(RESULTS, { recursive: true });
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const portal = await Portal.empty(t);
      const page = await open(t, portal, { scheme, width });
      assert.equal(await visit(page, "/"), 200);
      await measure(page, `signup-${scheme}-${width}`);
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await press(page, "Create account"), 422);
      await measure(page, `signup-refused-${scheme}-${width}`);
      await page.setViewportSize({ width, height: 900 });
      for (const [name, value] of Object.entries({ company: "Acme", name: "Ada Okafor", email: "ada@acme.test", password: PASSWORD })) {
        await page.locator(`[name=${name}]`).fill(value);
      }
      assert.equal(await press(page, "Create account"), 200);
      await measure(page, `members-alone-${scheme}-${width}`);
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/settings/team/members/new");
      await measure(page, `invite-free-plan-${scheme}-${width}`);
    }
  }
});

test("the theme of the profile beats the system's", async (t) => {
  const portal = await Portal.demo(t, 30);
  for (const [theme, scheme] of [["Dark", "light"], ["Light", "dark"]]) {
    const page = await open(t, portal, { scheme });
    await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
    await page.goto("/profile");
    await page.getByRole("radio", { name: theme }).check();
    await press(page, "Save Changes");
    for (const path of ["/profile", "/settings/team/members", "/settings/audit-log", "/there/is/nothing", "/logout"]) {
      await page.goto(path);
      assert.equal(await page.locator("html").getAttribute("data-theme"), theme.toLowerCase(), path);
      await measure(page, `theme-${theme.toLowerCase()}-${path.replace(/\W+/g, "-")}`);
    }
  }
});

// What a GET answers with a file and not with a page, beside the lists that end in .csv.
const FILES = ["/settings/user-groups/{id}/greeting", "/settings/billing/invoices/{id}.pdf"];

test("every page of src/doors.rs is measured", () => {
  const source = fs.readFileSync(new URL("../../../src/doors.rs", import.meta.url), "utf8");
  const doors = [...source.matchAll(/^\s+GET "([^"]+)"/gm)].map((found) => found[1]).filter((path) => path !== "/" && !path.endsWith(".csv") && !FILES.includes(path));
  const measured = [...PAGES.map(([, , , door]) => door), "/signup"];
  assert.ok(doors.length > 10);
  assert.deepEqual(doors.filter((door) => !measured.includes(door)), []);
});
