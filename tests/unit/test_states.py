"""Which state may follow which."""

import pytest

from jobs.states import FINAL, LIVE, TRANSITIONS, State, sources_of


def test_every_state_is_either_live_or_final():
    assert set(State) == LIVE | FINAL
    assert not LIVE & FINAL


def test_every_state_says_what_may_follow_it():
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_live_job_can_be_canceled_and_can_fail(state):
    assert {State.CANCELED, State.FAILED} <= TRANSITIONS[state]


def test_only_a_completed_job_expires():
    assert sources_of(State.EXPIRED) == [State.COMPLETED]


def test_nothing_leaves_the_tombstone():
    assert not TRANSITIONS[State.EXPIRED]


def test_every_state_but_the_first_can_be_reached():
    reachable = {target for targets in TRANSITIONS.values() for target in targets}
    assert reachable == set(State) - {State.UPLOADING}
