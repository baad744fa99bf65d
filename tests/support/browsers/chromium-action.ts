/** The extension's button in Chromium's toolbar, and the popup that it opens. */
import type { BrowserContext, Page as PlaywrightPage } from 'playwright-core';
import { sourceOf, type Popup } from '../pages/page.ts';
import { until } from '../until.ts';

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

/** What the protocol has and Playwright's types lack. */
interface Session {
  send(method: string, parameters?: object): Promise<unknown>;
  on(event: string, listener: (parameters: never) => void): unknown;
  detach(): Promise<void>;
}

/** As the person's click does it, `activeTab` included. Needs `--enable-unsafe-extension-debugging`. */
export async function clickAction(
  context: BrowserContext,
  page: PlaywrightPage,
  origin: string,
): Promise<Popup> {
  const browser = context.browser();
  if (browser === null) throw new Error('Chromium is gone.');
  await page.bringToFront();
  const session = (await browser.newBrowserCDPSession()) as unknown as Session;
  const targets = async () => {
    const filter = [{ type: 'tab' }, { type: 'page' }];
    const { targetInfos } = (await session.send('Target.getTargets', { filter })) as {
      readonly targetInfos: readonly Target[];
    };
    return targetInfos;
  };
  const isPopup = ({ type, url }: Target) =>
    type === 'page' && url.startsWith(`${origin}/popup/index.html`);
  const before = new Set((await targets()).filter(isPopup).map(({ targetId }) => targetId));
  const tab = (await targets()).find(({ type, url }) => type === 'tab' && url === page.url());
  if (tab === undefined) throw new Error(`No tab shows ${page.url()}.`);
  await session.send('Extensions.triggerAction', {
    id: origin.split('/')[2],
    targetId: tab.targetId,
  });
  const popup = await until('the popup', async () =>
    (await targets()).find((target) => isPopup(target) && !before.has(target.targetId)),
  );
  return attach(session, popup.targetId);
}

async function attach(session: Session, targetId: string): Promise<Popup> {
  const { sessionId } = (await session.send('Target.attachToTarget', {
    targetId,
    flatten: false,
  })) as { readonly sessionId: string };
  const waiting = new Map<number, (reply: Reply) => void>();
  session.on('Target.receivedMessageFromTarget', ({ message }: { readonly message: string }) => {
    const reply = JSON.parse(message) as Reply & { readonly id: number };
    waiting.get(reply.id)?.(reply);
  });
  let ids = 0;
  const send = async (method: string, params: object): Promise<unknown> => {
    const id = ++ids;
    const answered = new Promise<Reply>((resolve) => waiting.set(id, resolve));
    await session.send('Target.sendMessageToTarget', {
      sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(error.message);
    return result;
  };
  const run = async (expression: string): Promise<unknown> => {
    const parameters = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await send('Runtime.evaluate', parameters)) as {
      readonly result: { readonly value?: unknown };
      readonly exceptionDetails?: { readonly text: string };
    };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  return {
    evaluate: (script, ...args) =>
      run(`(${sourceOf(script)})(...${JSON.stringify(args)})`) as never,
    async click(selector) {
      const { x, y } = await until(`${selector} in the popup`, async () => {
        const found = await run(`(${sourceOf(middleOf)})(${JSON.stringify(selector)})`);
        return found as { readonly x: number; readonly y: number } | null;
      });
      const mouse = { x, y, button: 'left', clickCount: 1 };
      await send('Input.dispatchMouseEvent', { ...mouse, type: 'mousePressed' });
      await send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased' });
    },
    async close() {
      await session.send('Target.closeTarget', { targetId }).catch(() => undefined);
      await session.detach().catch(() => undefined);
    },
  };
}

interface Reply {
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Runs in the popup: where to click, once it can be seen and stays there. */
async function middleOf(selector: string): Promise<{ x: number; y: number } | null> {
  const element = document.querySelector(selector);
  if (element === null) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const before = element.getBoundingClientRect();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { x, y, width, height } = element.getBoundingClientRect();
  if (width === 0 || before.x !== x || before.y !== y) return null;
  return { x: x + width / 2, y: y + height / 2 };
}
