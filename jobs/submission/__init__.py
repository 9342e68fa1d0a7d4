"""Submitting a job, once, however often it is sent.

parse        what came over HTTP, field by field
batch        with what it came: the fields `batch` and `folder`
submission   the value that this makes, and what each field may be
presets      what was saved under a name, put into a submission by that name
admission    what is asked before any byte is taken
intake       how a body is taken, or left unread
submit       the same submission again finds the same job
"""
