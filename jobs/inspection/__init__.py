"""What a file is, by reading hostile bytes with PyAV: run in a child process, by its path and alone.

    python -I jobs/inspection FILE [START [END]]

Prints a line for every step of the way, `{"read": fraction}`, and last what it found: the fields of a MediaInfo,
or `{"refused": why}`. Imports PyAV and nothing else of ours, which keeps its start short.

__main__ → look            choose the picture, gather what the others found
opening                    as what a file is opened, and how far ahead
packets ← holes            one reading of all packets: how long, how many, how dense, what is missing
clock ← cuts               when the pictures are shown, of all of it and of a part; where it can be cut
busiest                    where its bytes are
whole                      what the file's own structure tells: whether all is there, and whether it goes on
frames → picture           some decoded pictures: size, colours, fields, transparency
       ← cropping
photos                     what is none, and what only begins like one
tracks                     sound, subtitles, covers, and what a person would call the rest
dates                      when it was filmed, and whether it tells where and by what
trial                      which containers take a track as it is
formats                    which of them may be opened at all
texts                      words of any encoding and length, made fit to travel
"""
