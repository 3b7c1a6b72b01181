import '../web/no-eval.ts';
import 'virtual:colours.css';
import './page.css';
import { render } from 'preact';
import { wordOptions } from '../errors/option-words.ts';
import { AS_FIELDS } from '../web/desk/page-words.ts';
import { App } from './app.tsx';
import { Studio } from './state/studio.ts';

wordOptions(AS_FIELDS);
const studio = new Studio();
render(<App studio={studio} />, document.getElementById('page')!);
// For the console: `gimbal.state`.
Object.assign(globalThis, { gimbal: studio });
void studio.open();
addEventListener('hashchange', () => void studio.goTo(location.hash));
