/** Waits until `ask` answers true. @param every milliseconds between two askings */
export async function until(
  what: string,
  ask: () => Promise<boolean> | boolean,
  every = 50,
): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
