"""What a child that reads hostile bytes may do: read its source, write its work directory, nothing else.

confinement                one child's own: what it may read and write, and its limits; what this kernel lacks
landlock                   files, TCP and signals: which ones (landlock(7))
seccomp → syscalls         which calls to the kernel there are (seccomp(2))
priority                   how far it gives way to others, on processors and on disks
programs                   what a program needs to start at all: itself, its libraries

A program of others is confined between fork and exec, and what can be prepared is prepared before the fork. Python
confines itself, once it has imported all it needs. Nothing here imports anything else of ours.
"""
