// A real Rollcall for one test: the built program on a free port, with its own data folder or its own PostgreSQL database.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { later } from "./later.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PROGRAM = path.resolve(ROOT, process.env.ROLLCALL_BIN ?? path.join(process.env.CARGO_TARGET_DIR ?? "target", "debug", "rollcall"));
/** A server URL such as postgres://user:password@host:port/postgres; each portal makes a database of its own there. */
const POSTGRES = process.env.ROLLCALL_TEST_POSTGRES ?? "";

export const PASSWORD = "granite otter lantern parade";
export const OTHER_PASSWORD = "velvet canyon trumpet orchard";
/** What `rollcall demo` prints. */
export const DEMO_PASSWORD = "sample company passphrase";

const run = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until `look` gives something, or fails with `what`. */
export async function until(look, what, patience = 15_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) assert.fail(`waited ${patience} ms in vain for ${what}`);
    await pause(50);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** An empty database, dropped when the test ends. */
export async function database(t, folder) {
  if (!POSTGRES) return `sqlite://${path.join(folder, "rollcall.db")}`;
  const name = `browser_${randomBytes(6).toString("hex")}`;
  const psql = (sql) => run("psql", ["--no-psqlrc", "--quiet", "--dbname", POSTGRES, "--command", sql]);
  await psql(`CREATE DATABASE ${name}`);
  later(t, () => psql(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(POSTGRES);
  url.pathname = `/${name}`;
  return url.href;
}

/** A folder that is removed when the test ends. */
export function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "rollcall-browser-"));
  later(t, () => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

export class Portal {
  /**
   * Prepares a portal; `start` starts it.
   * `settings` are environment variables; `database` shares one with another portal.
   */
  static async prepare(t, settings = {}) {
    const portal = new Portal();
    portal.t = t;
    portal.port = await freePort();
    portal.url = `http://127.0.0.1:${portal.port}`;
    portal.data = path.join(folder(t), "data");
    fs.mkdirSync(portal.data, { mode: 0o700 });
    portal.settings = {
      PATH: process.env.PATH,
      RUST_BACKTRACE: "1",
      ROLLCALL_DATA: portal.data,
      ROLLCALL_LISTEN: `127.0.0.1:${portal.port}`,
      // Tests sign in faster than people do.
      ROLLCALL_LOGIN_PER_MINUTE: "10000",
      ...settings,
    };
    portal.settings.DATABASE_URL ??= await database(t, portal.data);
    return portal;
  }

  /** A running portal without anybody. */
  static async empty(t, settings) {
    return (await Portal.prepare(t, settings)).start();
  }

  /** A running portal with one company, Acme, and its Owner, Ada. */
  static async acme(t, settings) {
    const portal = await Portal.prepare(t, settings);
    await portal.owner("Acme", "Ada Okafor", "ada@acme.test");
    return portal.start();
  }

  /** A running portal with the sample company. */
  static async demo(t, members, settings) {
    const portal = await Portal.prepare(t, settings);
    await portal.command(["demo", "--members", String(members), "--no-serve"]);
    return portal.start();
  }

  /** Runs a command of the program with this portal's settings. */
  async command(args, input = "") {
    const running = run(PROGRAM, args, { env: this.settings });
    running.child.stdin.end(input);
    return (await running).stdout;
  }

  /** Opens an account. */
  owner(company, name, email, plan = "pro") {
    return this.command(["create-owner", "--company", company, "--name", name, "--email", email, "--plan", plan, "--password-stdin"], PASSWORD);
  }

  async start() {
    const log = path.join(this.data, "log");
    const out = fs.openSync(log, "w");
    const child = spawn(PROGRAM, ["serve"], { env: this.settings, stdio: ["ignore", out, out] });
    fs.closeSync(out);
    let ended = null;
    const end = new Promise((resolve) => child.once("exit", (code, signal) => resolve((ended = signal ?? code))));
    // Only this process, by its own id.
    this.stop = async () => {
      if (ended === null) child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await end;
      clearTimeout(killer);
      return ended;
    };
    later(this.t, () => this.stop());
    this.log = () => fs.readFileSync(log, "utf8");
    await until(async () => {
      assert.equal(ended, null, `rollcall ended while starting:\n${this.log()}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      return answer?.ok;
    }, `${this.url}/health/ready`);
    return this;
  }

  /** Every mail so far, oldest first. */
  mails() {
    const box = path.join(this.data, "mail");
    const names = fs.existsSync(box) ? fs.readdirSync(box).filter((name) => name.endsWith(".eml")) : [];
    return names.map((name) => readMail(fs.readFileSync(path.join(box, name), "utf8"))).sort((a, b) => a.at - b.at);
  }

  /** The newest mail to `to` whose subject fits; waits for it. `after` is how many such mails are old. */
  mail(to, subject, after = 0) {
    const fitting = () => this.mails().filter((mail) => mail.to.includes(to) && subject.test(mail.subject));
    return until(() => fitting()[after], `mail ${after + 1} to ${to} about ${subject}`);
  }
}

/** A mail as people read it. */
export function readMail(raw) {
  const [head, body] = split(raw);
  const headers = readHeaders(head);
  const boundary = /boundary="([^"]+)"/.exec(headers["content-type"])?.[1];
  const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => {
    const [partHead, text] = split(part.replace(/^\r?\n/, ""));
    const partHeaders = readHeaders(partHead);
    return { type: partHeaders["content-type"], text: decode(text, partHeaders["content-transfer-encoding"]) };
  });
  const text = parts.find((part) => part.type.startsWith("text/plain"))?.text ?? "";
  const html = parts.find((part) => part.type.startsWith("text/html"))?.text ?? "";
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  return { to: headers.to, subject: decodeWords(headers.subject), id: headers["message-id"], at: Date.parse(headers.date), text, html, link };
}

function split(text) {
  const at = /\r?\n\r?\n/.exec(text);
  return [text.slice(0, at.index), text.slice(at.index + at[0].length)];
}

function readHeaders(head) {
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
}

function quoted(text) {
  const bytes = text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function decode(text, encoding = "7bit") {
  if (encoding === "base64") return Buffer.from(text, "base64").toString("utf8");
  return encoding === "quoted-printable" ? quoted(Buffer.from(text, "utf8").toString("latin1")) : text;
}

function decodeWords(text) {
  const word = (_, kind, word) => (kind.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : quoted(word.replace(/_/g, " ")));
  return text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, word);
}

/** The rows of a CSV file, each an object by the header's names. */
export function readCsv(text) {
  const rows = [[""]];
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows.at(-1);
    const c = text[i];
    if (inQuotes && c === '"' && text[i + 1] === '"') row[row.length - 1] += text[++i];
    else if (c === '"') inQuotes = !inQuotes;
    else if (!inQuotes && c === ",") row.push("");
    else if (!inQuotes && c === "\n") rows.push([""]);
    else if (inQuotes || c !== "\r") row[row.length - 1] += c;
  }
  const [header, ...cells] = rows.filter((row) => row.length > 1 || row[0] !== "");
  return cells.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
}
