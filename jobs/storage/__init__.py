"""Where bytes lie: files under `MEDIA_ROOT`, uploads on their way in."""
