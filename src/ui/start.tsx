/** What every page does first: reading starts before anything is drawn, unless there is a snapshot to draw. */
import { render, type ComponentChildren } from 'preact';
import { createCommandClient } from '../shared/command-client.ts';
import type { PopupSnapshot } from '../shared/popup-snapshot.ts';
import { openStoreReader } from '../store/read.ts';
import { painted } from './logic/painted.ts';
import { openExtensionPage, sendToBackground } from './platform/extension.ts';
import { AppContext, createAppState } from './state/app.ts';
import { createFeed } from './state/feed.ts';
import { ServicesContext, type Services } from './state/services.ts';
import { localiseDocument } from './text/messages.ts';
import './styles/index.ts';

/** @param snapshot what may be shown until the store has been read. */
export function startPage(
  title: string,
  content: ComponentChildren,
  snapshot: Promise<PopupSnapshot | null> | null = null,
): void {
  const reader = openStoreReader();
  const services: Services = {
    reader,
    feed: createFeed(reader),
    send: createCommandClient(sendToBackground),
    openPage: openExtensionPage,
  };
  // What needs no reading is drawn meanwhile, out of sight: an empty page would take the frame that the
  // snapshot could be in.
  const body = snapshot === null ? document.body : document.createElement('body');
  const arrived = snapshot?.then((stored) => {
    document.body = body;
    return stored;
  });
  const app = createAppState(services, arrived);
  localiseDocument(title);
  render(
    <ServicesContext.Provider value={services}>
      <AppContext.Provider value={app}>{content}</AppContext.Provider>
    </ServicesContext.Provider>,
    body,
  );
  // After the first paint. That it fails shows in whatever the person asks for next.
  void Promise.all([app.account.first, app.allowed.first])
    .then(() => painted())
    .then(() => services.send('wake', {}))
    .catch(() => undefined);
}
