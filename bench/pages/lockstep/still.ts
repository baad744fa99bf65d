/**
 * What the browser itself takes for the popup's rows: their markup and styles, put into an empty page at
 * once, with nothing to read, to decide or to draw before.
 */
import '../../../src/ui/styles/index.ts';
import { painted } from '../agent.ts';
import { paintMark, startMark, stillMarkup } from './popup-marks.ts';

const markup = localStorage.getItem(stillMarkup) ?? '';
performance.mark(startMark);
document.body.innerHTML = markup;
// The extension's policy forbids styles in markup, as the popup's own are set by script.
for (const element of document.querySelectorAll<HTMLElement>('[data-style]')) {
  element.style.cssText = element.dataset['style'] ?? '';
}
void painted().then(() => performance.mark(paintMark));
