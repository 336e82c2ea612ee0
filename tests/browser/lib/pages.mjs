// How the sweep gets to a page: each gives a function of the browser's page and of the world that was built for it.
import assert from "node:assert/strict";
import http from "node:http";

import { press, visit } from "./people.mjs";

/** Paths that the world knows are functions of it. */
export const pathOf = (path, world) => (typeof path === "function" ? path(world) : path);

/** Goes to `path`, which answers `status`. */
export const get = (path, status = 200) => async (page, world) => assert.equal(await visit(page, pathOf(path, world)), status);

/** Sends the form that `button` is in, as it is but for `fields`, by their names; it answers `status`. */
export const send = (path, fields, button, status) => async (page, world) => {
  await page.goto(pathOf(path, world));
  const form = page.locator("form", { has: page.getByRole("button", { name: button, exact: true }) });
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name=${name}]`);
    if ((await field.first().getAttribute("type")) === "radio") await form.locator(`[name=${name}][value="${value}"]`).check();
    else if ((await field.first().getAttribute("type")) === "hidden") await field.first().evaluate((it, value) => (it.value = value), value);
    else if (await field.first().evaluate((it) => it.localName === "select")) await field.first().selectOption(value);
    else await field.first().fill(value);
  }
  assert.equal(await press(page, button), status);
};

/** The same, and the form comes back with 422. */
export const refused = (path, fields, button) => send(path, fields, button, 422);

/** A page that only a program gets to: the answer to a request that no link or form of ours makes. */
export const answer = (method, path, status, headers = {}) => async (page, world) => {
  const got = await new Promise((resolve, reject) => {
    const request = http.request(new URL(path, world.portal.url), { method, headers: { origin: world.portal.url, ...headers } }, (response) => {
      let html = "";
      response.setEncoding("utf8").on("data", (text) => (html += text)).on("end", () => resolve({ html, response }));
    });
    request.on("error", reject).end();
  });
  assert.equal(got.response.statusCode, status);
  const { "transfer-encoding": _, "content-length": __, ...kept } = got.response.headers;
  await page.route("**/answered", (route) => route.fulfill({ status, headers: kept, body: got.html }));
  assert.equal(await visit(page, "/answered"), status);
};

/** The links in the first column of a list, by what they say. */
export async function links(page, path) {
  await page.goto(path);
  return Object.fromEntries(await page.locator("tbody th a").evaluateAll((all) => all.map((it) => [it.textContent.trim(), it.getAttribute("href")])));
}
