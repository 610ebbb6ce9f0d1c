"""A collection agency that speaks Debitura's Customer API: cases, chats, payments, webhooks."""
