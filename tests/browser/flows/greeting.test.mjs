// A group's voicemail greeting: uploaded, played, replaced, deleted.
import assert from "node:assert/strict";

import { links } from "../lib/pages.mjs";
import { both, flash, isRefused, press, signIn } from "../lib/people.mjs";
import { DEMO_PASSWORD, Portal } from "../lib/portal.mjs";

/** So many seconds of a tone, as WAV. */
function wav(seconds) {
  const rate = 8000;
  const data = Buffer.alloc(rate * seconds * 2);
  for (let i = 0; i < rate * seconds; i++) data.writeInt16LE(Math.round(8000 * Math.sin((i * 2 * Math.PI * 440) / rate)), i * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  for (const [at, size, value] of [[16, 4, 16], [20, 2, 1], [22, 2, 1], [24, 4, rate], [28, 4, rate * 2], [32, 2, 2], [34, 2, 16]]) head.writeUIntLE(value, at, size);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

both("a greeting is uploaded, played, replaced and deleted", async (t, open, js) => {
  const portal = await Portal.demo(t, 20);
  const page = await open(portal);
  await signIn(page, "ada.okafor@acme.test", DEMO_PASSWORD);
  const group = (await links(page, "/settings/user-groups"))["Front Desk"];
  await page.goto(`${group}/settings`);
  const panel = page.getByRole("region", { name: "Voicemail greeting" });
  const upload = async (name, buffer) => {
    await panel.getByLabel(/^(Sound|Replace) file$/).setInputFiles({ name, mimeType: "audio/wav", buffer });
    return press(page, (await page.locator("audio").count()) ? "Replace greeting" : "Save greeting");
  };
  if (await page.locator("audio").count()) assert.equal(await press(page, "Use default greeting"), 200);
  assert.match(await panel.innerText(), /The default greeting is played\./);
  await isRefused(page, await press(page, "Save greeting"), ["Choose a WAV or MP3 file."]);
  await isRefused(page, await upload("hello.wav", Buffer.from("This is no sound at all.")), ["This is no sound file. Choose a WAV or MP3 file."]);
  await isRefused(page, await upload("long.wav", wav(121)), ["The greeting is 2:01 long; it may be 2:00 at most."]);
  assert.match(await panel.innerText(), /The default greeting is played\./);

  assert.equal(await upload("hello.wav", wav(2)), 200);
  assert.match(await flash(page), /^The greeting is saved\./);
  assert.match(await panel.innerText(), /hello\.wav[\s\S]*WAV[\s\S]*by Ada Okafor/);
  const source = await page.locator("audio").getAttribute("src");
  if (js) {
    const played = await page.locator("audio").evaluate((it) => new Promise((resolve, reject) => {
      it.addEventListener("loadedmetadata", () => resolve(it.duration));
      it.addEventListener("error", () => reject(new Error(it.error.message)));
      it.load();
      it.play().catch(() => {});
    }));
    assert.ok(Math.abs(played - 2) < 0.1, `it lasts ${played} seconds`);
  }
  assert.equal(await upload("again.wav", wav(3)), 200);
  assert.match(await panel.innerText(), /again\.wav/);
  assert.notEqual(await page.locator("audio").getAttribute("src"), source, "the browser asks for the new one");
  assert.equal(await press(page, "Use default greeting"), 200);
  assert.match(await flash(page), /^The greeting is deleted\./);
  assert.equal(await page.locator("audio").count(), 0);
});
