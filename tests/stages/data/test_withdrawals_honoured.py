from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from hcgov.core.measurement import Answered
from hcgov.stages.data.withdrawals_honoured import WithdrawalsHonoured, examples, withdrawals_honoured

NOBODY = examples()[0].evidence["overlap"]
counts = st.integers(0, 10**9)


def answers(**changed):
    found = withdrawals_honoured(overlap=replace(NOBODY, **changed), params=WithdrawalsHonoured())
    return [s.answer for s in found]


@example(people=0, rows=1, unidentified=0)
@given(people=counts, rows=counts, unidentified=counts)
def test_it_is_met_only_if_nobody_stands_there_and_every_row_is_known(people, rows, unidentified):
    found = answers(people=people, rows=rows, unidentified=unidentified)
    clean = people == rows == unidentified == 0
    assert (set(found) == {Answered.MET}) is clean
    assert (Answered.NOT_MET in found) is (people > 0 or rows > 0)
    assert (Answered.CANNOT_TELL in found) is (unidentified > 0)


def test_an_empty_list_of_withdrawals_is_met_as_nobody_withdrew():
    assert answers(listed=0) == [Answered.MET]
