/** The first page that a person sees, in a tab of its own. */
import { startPage } from '../../ui/start.tsx';
import { t } from '../../ui/text/messages.ts';
import './setup.css';
import { Setup } from './setup.tsx';

startPage(t('setup_title'), <Setup />);
