/** The console's texts, carried with the console's own chunk. */
import { addTexts } from '../shared/i18n';
import en from '../shared/i18n/console.en.json';
import vi from '../shared/i18n/console.vi.json';

addTexts({ vi, en });
