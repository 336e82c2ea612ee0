// What only time brings, brought at once: tests move no clock of a real program.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs SQL on the portal's database. */
async function sql(portal, text) {
  const url = portal.settings.DATABASE_URL;
  if (url.startsWith("postgres")) {
    await run("psql", ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", text]);
    return;
  }
  await run("sqlite3", ["-bail", "-cmd", ".timeout 5000", url.slice("sqlite://".length), text]);
}

/** An account, by its short name, is closed as of now. */
export async function closeNow(portal, slug) {
  const now = Date.now() * 1000;
  await sql(portal, `UPDATE accounts SET closed_at = ${now} WHERE slug = '${slug}'`);
  await sql(portal, `UPDATE subscriptions SET renews_at = 0, closes = FALSE WHERE account_id IN (SELECT id FROM accounts WHERE slug = '${slug}')`);
}
