"""How an invoice names its payee and itself: FIK, giro, OCR, KID, RF, accounts."""
