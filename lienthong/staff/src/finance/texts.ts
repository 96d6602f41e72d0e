/** The texts of money after the payment, carried with its own chunk. */
import { addTexts } from '../shared/i18n';
import en from '../shared/i18n/finance.en.json';
import vi from '../shared/i18n/finance.vi.json';

addTexts({ vi, en });
