/**
 * Settles in the first task after the next frame was painted. A page that nobody sees paints no frames,
 * so it settles after `patience` milliseconds at the latest.
 */
export function painted(patience = 300): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        clearTimeout(timer);
        resolve();
      };
      port2.postMessage(null);
    });
  });
}
