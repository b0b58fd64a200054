"""What somebody types for a policy is refused with a reason, never with an error of the program."""

from __future__ import annotations

import pytest

from tickets.models.sla_settings import BadPolicy, read_policy

ROW = {"metric": "resolution", "target": "18h", "calendar": "shop"}


@pytest.mark.parametrize("written", ["5²%", "²%", "0%", "100%", "5 %", "%", "-5%", "²m"])
def test_a_warning_that_is_no_percentage_and_no_length_is_refused(written: str) -> None:
    with pytest.raises(BadPolicy):
        read_policy({"targets": [ROW], "warnings": {"resolution": [written]}})


def test_percentages_and_lengths_are_warnings() -> None:
    read = read_policy({"targets": [ROW], "warnings": {"resolution": ["50%", "30m"]}})
    assert [point.name for point in read.warnings["resolution"]] == ["50%", "30m"]
