/**
 * Chrome's host document: service workers cannot start workers, so this page starts the engine's and
 * passes on the port that the background hands it. No logic, and no access to what passes.
 */
const worker = new Worker('/engine.js', { type: 'module', name: 'lockstep-engine' });

navigator.serviceWorker.onmessage = ({ data, ports }) => {
  worker.postMessage(data, [...ports]);
};
// Messages sent before the handler was set are held back until this.
navigator.serviceWorker.startMessages();
