"""Compressor's one application: videos in, smaller videos out, by the Asynchronous Request-Response pattern.

**Words.** A *job* is one source, one recipe, one result. Its *client job id* is the name its client gave it, and
the key that makes a repeated request find the same job. An *attempt* is one run by a worker; its number is the
fence against a worker that was given up. A *snapshot* is the public document of a job, the same by poll, by push
and in the page; its *revision* counts every change. *Retention* is how long a result is kept; what is left
afterwards is a *tombstone*. The *sweep* is the periodic duty that puts right what crashes left behind.

A *plan* is what preparing a long film found: the quality to encode at and the *pieces* to make, each a stretch that a
worker compresses in one go. *Assembly* joins them. A *turn* is what RQ carries to a worker: it takes whatever is next.

**States.** `uploading → queued → running → completed | failed | canceled`, `completed → expired`. A lost worker's
job and a retried one go back to `queued` under the next attempt. See `states.py`.

**Life of a job.** Down the page, each line a module:

    api · pages · uploads       a door: parses the request, calls one verb, answers
    submission                  the same request again finds the same job
    lifecycle                   the verbs; the only writer of `Job.state`; one conditional UPDATE each
    models                      the row, which is the only truth
    snapshot → push             the public document, sent to watchers after the commit
    line → schedule → queue     whose turn is next; RQ carries turns to workers, and the sweep calls for them again
    estimates                   what a job will bring, by what earlier ones have shown
    tasks → attempt · piecework what a worker does with a turn: prepare or compress, make a piece, join pieces
    encoding                    inspect, cut, compress, verify
    consumers · api.long_poll   watchers: join the group, read the row, relay what is newer

**Floors.** Imports go down only, and import-linter keeps them so:

    compressor
    api | pages | uploads | monitoring | consumers | tasks | admin | management | apps
    piecework
    attempt
    endings
    checks | lease | middleware | queue_pages | responses | sign_in | submission | sweep | templatetags
    owners
    rate_limit
    batches | problems | retry_after | totals
    lifecycle
    worker
    schedule
    line
    estimates | hours | pace | push | queue | shares
    lookup | snapshot
    models
    installation
    anchor | origin | presence | read_only | result_names | storage | threads | tokens
    encoding
    inspection
    sandbox
    first_bytes
    addresses | channel_layer | content_security | documents | errors | full_disk | scope | states | unreachable
    labels | zip_layout
"""
