"""Submitting a job: parse what a client sent, then accept it once, however often it is sent."""
