"""Cancel, try again and delete act in place, with the keyboard too."""

from playwright.sync_api import expect

from tests.product.stack import eventually


def test_a_running_job_is_canceled_and_its_ffmpeg_is_gone(desk, media, stack):
    desk.compress(media / "long.avi", recipe="Smallest")
    card = desk.wait_for("long.avi", "running")
    eventually(stack.ffmpegs)

    card.get_by_role("button", name="Cancel").focus()
    desk.page.keyboard.press("Enter")

    expect(card).to_have_count(0)
    assert desk.page.evaluate("document.activeElement !== document.body")
    eventually(lambda: not stack.ffmpegs())


def test_a_card_that_is_final_is_not_moved_by_what_it_knows_already_or_by_what_is_older(desk, media):
    desk.compress(media / "long.avi", recipe="Smallest")
    desk.wait_for("long.avi", "running").get_by_role("link", name="long.avi").click()
    desk.page.get_by_role("button", name="Cancel").click()
    card = desk.wait_for("long.avi", "canceled")
    shown = "card => [card.outerHTML, card.drawing]"
    before = card.evaluate(shown)

    card.evaluate("""async card => {
        const { job } = await (await fetch(card.dataset.self, { headers: { Accept: "application/json" } })).json();
        card.show(job);
        card.show({ ...job, state: "running", is_final: false, revision: job.revision - 1,
                    progress: { phase: "encoding", fraction: 0.5, fps: 1, speed: 1, eta_seconds: 1 } });
    }""")

    assert card.evaluate(shown) == before


def test_a_result_is_deleted_after_the_person_confirmed(desk, media):
    desk.compress(media / "short.mp4")
    card = desk.wait_for("short.mp4", "completed")

    desk.says_yes = False
    card.get_by_role("button", name="Delete").click()
    expect(card.get_by_role("link", name="Download")).to_be_visible()

    desk.says_yes = True
    card.get_by_role("button", name="Delete").click()
    expect(card).to_have_count(0)


def test_an_upload_is_canceled_before_it_is_whole(desk, media):
    desk.slow_down(100_000)
    desk.compress(media / "film.mp4")
    card = desk.card("film.mp4")
    expect(card).to_contain_text("Uploading")

    with desk.page.expect_response(lambda answer: answer.request.method == "DELETE"):
        card.get_by_role("button", name="Cancel").click()
        expect(card).to_have_count(0)

    desk.open()
    expect(card).to_have_count(0)
