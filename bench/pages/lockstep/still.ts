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
void painted().then(() => performance.mark(paintMark));
