"""Tables that follow from no event: documents as they were sent, and who has begun to send what."""
