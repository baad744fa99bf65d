/** Tells open pages what a commit touched. Sent after the commit, so a re-read sees it. */
import type { StoreChange } from './reader.ts';

const channelName = 'lockstep-store';

/** For the background: one channel for its lifetime. */
export function openFeed(): { announce(change: StoreChange): void; close(): void } {
  const channel = new BroadcastChannel(channelName);
  return {
    announce: (change) => channel.postMessage(change),
    close: () => channel.close(),
  };
}

/** For pages. Returns how to stop listening. */
export function listenToFeed(listener: (change: StoreChange) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }: MessageEvent<StoreChange>) => listener(data);
  return () => channel.close();
}
