"""What a page may load and run (https://www.w3.org/TR/CSP3/): files of our own, nothing inline, in nobody's frame."""

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",  # such pictures are in the admin's styles
        "media-src 'self' blob:",  # a video that was chosen and not sent yet is looked into, and played from memory
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
WITH_INLINE_STYLES = f"{POLICY}; style-src 'self' 'unsafe-inline'"
