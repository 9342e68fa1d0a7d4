"""A video that came by tus is compressed like any other."""

import uuid

from tusclient.client import TusClient

from tests.product.http import http
from tests.product.stack import eventually


def test_a_video_sent_in_pieces_across_a_restart_is_compressed(stack, media):
    film = media / "street.mp4"
    metadata = {"filename": "street.mp4", "recipe": "fast", "client_job_id": str(uuid.uuid4())}
    upload = TusClient(f"{stack.url}/uploads/").uploader(
        str(film), metadata=metadata, chunk_size=64 * 1024, retries=60, retry_delay=1
    )
    upload.upload(stop_at=128 * 1024)
    stack.kill("web")
    stack.start("web")
    upload.upload()
    job = upload.url.replace("/uploads/", "/jobs/")
    snapshot = eventually(lambda: completed(job), timeout=240)
    assert snapshot["source"]["size"] == film.stat().st_size
    assert snapshot["client_job_id"] == metadata["client_job_id"]


def completed(job):
    answer = http.get(job)
    assert answer.status_code in (200, 202), answer.text
    return answer.json() if answer.status_code == 200 else None
