const waiting = new WeakMap();

/** What to do when the test ends, the last thing first; one that fails holds up none of the others. */
export function later(t, act) {
  if (!waiting.has(t)) {
    waiting.set(t, []);
    t.after(async () => {
      const failures = [];
      for (const act of waiting.get(t).reverse()) await Promise.resolve().then(act).catch((error) => failures.push(error));
      if (failures.length) throw failures[0];
    });
  }
  waiting.get(t).push(act);
}
