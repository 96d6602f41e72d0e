/** The designer's texts, carried with the designer's own chunk. */
import { addTexts } from '../shared/i18n';
import en from '../shared/i18n/designer.en.json';
import vi from '../shared/i18n/designer.vi.json';

addTexts({ vi, en });
