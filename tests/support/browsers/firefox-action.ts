/** The extension's button in Firefox's toolbar, and the popup that it opens. */
import { sourceOf, type Popup } from '../pages/page.ts';
import { until } from '../until.ts';
import { inChrome, type Marionette, type Turns } from './marionette.ts';

interface Over {
  readonly addonId: string;
  readonly origin: string;
  /** The tab's. */
  readonly handle: string;
}

/** The button itself is clicked. What is in the popup is reached from another page of the extension. */
export async function clickAction(
  marionette: Marionette,
  queue: Turns,
  { addonId, origin, handle }: Over,
): Promise<Popup> {
  const helper = await queue.take(async () => {
    const opened = await marionette.send<{ handle: string }>('WebDriver:NewWindow', {
      type: 'tab',
      focus: false,
    });
    await marionette.send('WebDriver:SwitchToWindow', { handle: opened.handle, focus: false });
    await marionette.send('WebDriver:Navigate', { url: `${origin}/offscreen/index.html` });
    await marionette.send('WebDriver:SwitchToWindow', { handle, focus: true });
    await inChrome(marionette, clickButton, [addonId]);
    return opened.handle;
  });
  const inPopup = <Answer>(body: string, ...args: readonly unknown[]): Promise<Answer> =>
    queue.take(async () => {
      await marionette.send('WebDriver:SwitchToWindow', { handle: helper, focus: false });
      const { value } = await marionette.send<{ value: { ok: boolean; value: never } }>(
        'WebDriver:ExecuteAsyncScript',
        {
          script: `const [args, done] = arguments;
            const [window] = browser.extension.getViews({ type: 'popup' });
            const { document } = window ?? {};
            Promise.resolve().then(async () => {
              if (document === undefined) throw new Error('There is no popup.');
              ${body}
            }).then(
              (value) => done({ ok: true, value: value === undefined ? null : value }),
              (error) => done({ ok: false, value: String(error) }));`,
          args: [args],
          newSandbox: false,
          sandbox: null,
        },
      );
      if (!value.ok) throw new Error(String(value.value));
      return value.value;
    });
  await until('the popup', () => inPopup<boolean>('return true;').catch(() => false));
  return {
    evaluate: (run, ...args) => inPopup(`return (${sourceOf(run)})(...args);`, ...args),
    // WebDriver's own input does not reach popups.
    click: async (selector) => {
      await until(`${selector} in the popup`, () =>
        inPopup<boolean>(
          `const element = document.querySelector(args[0]);
           element?.click();
           return element !== null;`,
          selector,
        ),
      );
    },
    close: () =>
      queue.take(async () => {
        await marionette.send('WebDriver:SwitchToWindow', { handle: helper, focus: false });
        await marionette.send('WebDriver:CloseWindow');
        await marionette.send('WebDriver:SwitchToWindow', { handle, focus: false });
        await inChrome(marionette, closePopups, []);
      }),
  };
}

const clickButton = `
  const [id, done] = arguments;
  (async () => {
    const { ExtensionParent } = ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
    const { CustomizableUI } = ChromeUtils.importESModule(
      'moz-src:///browser/components/customizableui/CustomizableUI.sys.mjs');
    const { extension } = WebExtensionPolicy.getByID(id);
    const widget = ExtensionParent.apiManager.global.browserActionFor(extension).id;
    CustomizableUI.addWidgetToArea(widget, CustomizableUI.AREA_NAVBAR);
    const { node } = CustomizableUI.getWidget(widget).forWindow(window);
    (node.querySelector('.unified-extensions-item-action-button') ?? node).click();
  })().then(() => done(null), (error) => done(String(error)));`;

const closePopups = `
  const [done] = arguments;
  for (const panel of document.querySelectorAll('panel')) panel.hidePopup?.();
  done(null);`;
