"""The event stream as a product: JSON Schemas, an AsyncAPI document and a catalogue, from the code.

    python -m forfald.events_document

writes `docs/events/`. A contract that has changed in a way that would break a reader, or that is
gone, is refused before anything is written: such a change is a new version of the event.
"""
