/** The popup's entry, also opened as a tab. Reads the store, sends commands, holds nothing itself. */
import './start-mark.ts';
import { popupSnapshot } from './load-snapshot.ts';
import { startPage } from '../ui/start.tsx';
import { t } from '../ui/text/messages.ts';
import { Popup } from './popup.tsx';

startPage(t('app_name'), <Popup />, popupSnapshot);
