import type { LocalText } from '../shared/types';

export interface RefundItem {
  id: string;
  dossierCode: string;
  procedureCode: string;
  amount: number;
  reason: string;
  state: string;
  requestedBy: string;
  requestedAt: string;
  note: string;
  mayDecide: boolean;
  mayCarryOut: boolean;
}
export interface Surplus {
  paymentId: string;
  dossierCode: string;
  transactionId: string;
  amount: number;
  outcome: string;
  at: string;
}
export interface Comparison {
  id: string;
  source: string;
  day: string;
  matched: number;
  ours: number;
  theirs: number;
  madeAt: string;
}
export interface DifferenceItem {
  id: string;
  difference: string;
  orderId: string;
  transactionId: string;
  dossierCode: string;
  ours: number | null;
  theirs: number | null;
}
export interface Share {
  authorityId: string;
  name: LocalText;
  procedureCode: string;
  feeItem: string;
  payments: number;
  collected: number;
  refunded: number;
  due: number;
}
export interface Overview {
  first: string;
  last: string;
  refunds: RefundItem[];
  surpluses: Surplus[];
  accountant: boolean;
  /** Whether the viewer sees the books of the province. */
  books: boolean;
  comparisons: Comparison[];
  differences: DifferenceItem[];
  shares: Share[];
}
export interface PaymentAnswer {
  dossierCode: string;
  payment: {
    id: string;
    amount: number;
    status: string;
    paidAt: string | null;
    lines: { procedureCode: string; feeItem: string; amount: number }[];
  } | null;
}
