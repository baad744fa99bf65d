/** Every page's styles, in this order. */
import './tokens.css';
import './base.css';
import './controls.css';
import './layout.css';
import './lists.css';
import './conversation.css';
import './runs.css';
import './history.css';
import './signing.css';
