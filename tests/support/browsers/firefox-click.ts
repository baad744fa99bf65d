/** Clicking in Firefox as Playwright does it in Chromium. */

/** The name by which WebDriver passes elements. */
export const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** By hand: `ElementClick` waits 200 ms after each click for a page that it might lead to. */
export function clickOn(id: string | undefined): readonly unknown[] {
  const pointer = [
    { type: 'pointerMove', duration: 0, origin: { [elementKey]: id }, x: 0, y: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  const parameters = { pointerType: 'mouse' };
  return [{ type: 'pointer', id: 'mouse', parameters, actions: pointer }];
}

/**
 * Brings an element to where it can be clicked and waits until it stays there, as Playwright does; a
 * page may move it all the same before the click comes, and then nothing else may get the click.
 * Answers whether the element is to be had there at all.
 */
export const beforeClick = `
  const [element, done] = arguments;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const place = () => JSON.stringify(element.getBoundingClientRect());
  (async () => {
    let before;
    do {
      before = place();
      await frame();
    } while (before !== place());
    const { x, y, width, height } = element.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    const isFor = (target) => target === element || element.contains(target) || (target?.contains(element) ?? false);
    if (!element.isConnected || !isFor(top)) return done(false);
    const click = { hit: null };
    const types = ['mousedown', 'pointerdown', 'mouseup', 'pointerup', 'click'];
    const guard = (event) => {
      click.hit ??= isFor(event.target);
      if (!click.hit) { event.preventDefault(); event.stopImmediatePropagation(); }
    };
    for (const type of types) window.addEventListener(type, guard, true);
    click.end = () => types.forEach((type) => window.removeEventListener(type, guard, true));
    window.lockstepClick = click;
    done(true);
  })();`;

/** Answers whether the element got the click. A click that led to another page has left nothing here. */
export const afterClick = `
  const [, done] = arguments;
  const click = window.lockstepClick;
  delete window.lockstepClick;
  click?.end();
  done(click === undefined || click.hit === true);`;
