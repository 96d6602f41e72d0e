/** The texts of the Provincial Office's oversight, carried with its own chunk. */
import { addTexts } from '../shared/i18n';
import en from '../shared/i18n/oversight.en.json';
import vi from '../shared/i18n/oversight.vi.json';

addTexts({ vi, en });
