"""The expression over columns of a customer table: what it means, what is refused, and where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wom_sim.policies.where import COLUMNS, ExpressionError, compiled, names_in
from wom_sim.populations.customer_file import SCHEMA

TABLE = {
    "customer": np.array(["A1", "007", "B", "C"], dtype=object),
    "calls": np.array([12.0, 3.0, np.nan, 10.0]),
    "revenue": np.array([20.0, 50.0, 80.0, np.nan]),
    "segment": np.array(["gold", "silver", None, "gold"], dtype=object),
    "advocate": np.array([0, 1, -1, 1], dtype=np.int8),
    "let_go": np.array([1, 0, 0, -1], dtype=np.int8),
    "household": np.array([0, -1, 2, 0]),
    "since": np.array(["2019-11-03", "2024-01-01", "NaT", "2024-06-30"], dtype="datetime64[D]"),
}
MEANS = {
    "calls >= 10": [1, 0, 0, 1],
    "calls >= 10 and not advocate": [1, 0, 0, 0],
    "not calls >= 10": [0, 1, 1, 0],
    "segment == 'gold'": [1, 0, 0, 1],
    "segment != 'gold'": [0, 1, 0, 0],
    "segment in ['gold', 'silver'] and calls < 11": [0, 1, 0, 1],
    "segment not in ('gold',)": [0, 1, 0, 0],
    "advocate": [0, 1, 0, 1],
    "not advocate": [1, 0, 1, 0],
    "advocate == false": [1, 0, 0, 0],
    "let_go or advocate": [1, 1, 0, 1],
    "1 <= calls < 11": [0, 1, 0, 1],
    "revenue - 2 * calls > 0": [0, 1, 0, 0],
    "-calls <= -12": [1, 0, 0, 0],
    "revenue / (calls - 3) > 1e300": [0, 1, 0, 0],
    "customer in ['007', 'B']": [0, 1, 1, 0],
    "since >= '2024-01-01'": [0, 1, 0, 1],
    "since == '2019-11-03' or household == 2": [1, 0, 1, 0],
    "household >= 0": [1, 0, 1, 1],
    "  calls == 12  ": [1, 0, 0, 0],
}
REFUSED = {
    "": (1, "is empty"),
    "cals > 3": (1, "cals is no column; did you mean calls?"),
    "calls > 3 and sgment == 'x'": (15, "sgment is no column"),
    "calls": (1, "is a number, not a condition"),
    "calls and advocate": (1, "is a number, not a condition"),
    "calls = 3": (7, "to compare, write == and not ="),
    "calls > 3 && advocate": (12, "for && write and"),
    "calls > 3 || advocate": (12, "for || write or"),
    "calls > '3'": (9, "a number is compared with text ('3')"),
    "segment == gold": (12, "gold is no column"),
    "segment > 'gold'": (11, "text has no order"),
    "since > 'yesterday'": (9, "'yesterday' is no day"),
    "segment + 1 > 2": (1, "is text; allowed with + - * /: numbers"),
    "-segment == 'x'": (1, "a sign stands before numbers alone"),
    "calls in 3": (10, "in is followed by a list"),
    "calls is 3": (10, "is compared in a way that is not allowed"),
    "(calls > 3": (1, "a bracket has no partner"),
    "segment == 'gold": (12, "a quotation mark is opened"),
    "true": (1, "not a condition"),
    "calls > 3\nor advocate": (10, "cannot be printed"),
    "calls > 1" + "0" * 400: (9, "is too large a number"),
    "x" * 1001: (1000, "has 1,001 characters"),
    "not " * 60 + "advocate": (205, "is nested too deeply"),
    "é == 'x'": (1, "é is no column"),
    "segment == 'é' and cals > 1": (20, "cals is no column"),
}
HARMFUL = [
    "__import__('os').system('true')", "calls.__class__", "open('x')", "(lambda: 1)() == 1", "[c for c in calls]",
    "calls[0] > 1", "calls if advocate else revenue", "f'{calls}' == 'x'", "(calls := 3) > 1", "calls ** 9 > 1",
    "calls << 9 > 1", "~advocate", "@calls > 1", "calls @ calls > 1", "None == calls", "b'x' == segment",
    "... == calls", "1j == calls", "print", "exec('1')", "calls.sum() > 1", "{'a': 1} == calls", "calls // 2 > 1",
    "calls % 2 == 1", "advocate & let_go", "await calls", "yield calls", "*calls", "calls; advocate", "import os",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANS)
def test_what_it_means(text):
    assert compiled(text)(TABLE, 4).astype(int).tolist() == MEANS[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_pointed_at(text):
    with pytest.raises(ExpressionError) as caught:
        compiled(text)
    place, words = REFUSED[text]
    assert words in caught.value.words
    assert caught.value.place == place
    assert ">>>" in str(caught.value)


@pytest.mark.parametrize("text", HARMFUL)
def test_no_code_runs(text):
    with pytest.raises(ExpressionError):
        compiled(text)


@settings(max_examples=300)
@given(st.text(max_size=60) | st.text("calsegmnt()[]'\"<>=!+-*/.,0123456789 \\{}:@#", max_size=60))
def test_any_text_is_a_test_or_a_clear_error(text):
    try:
        compiled(text)
    except ExpressionError as error:
        assert 1 <= error.place <= max(len(text), 1) + 1


def test_the_columns_are_those_of_an_import():
    used = set(SCHEMA.names) - {"file", "line", "churned"}
    assert set(COLUMNS) == used | {"churn"}


def test_the_names_of_an_expression():
    assert names_in("calls > 3 and (segment == 'calls' or not let_go)") == ["calls", "let_go", "segment"]


# -- the same as pandas, where both know the expression ----------------------------------------------------------------

NUMBERS = st.sampled_from(["0", "1", "2.5", "10", "-3", "1e2"])
LEAVES = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(["calls", "revenue", "cost"]),
              st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS),
    st.builds("{} {} {} {} {}".format, st.sampled_from(["calls", "revenue"]), st.sampled_from("+-*/"),
              st.sampled_from(["calls", "cost", "2"]), st.sampled_from(["<", ">="]), NUMBERS),
    st.builds("segment {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(["gold", "silver", "none"])),
    st.builds("segment {} ['gold', '{}']".format, st.sampled_from(["in", "not in"]), st.sampled_from(["silver", "x"])),
    st.builds("{} < calls {} {}".format, NUMBERS, st.sampled_from(["<", "<="]), NUMBERS),
    st.sampled_from(["advocate", "let_go"]),
)  # fmt: skip
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({}) and ({})".format, inner, inner), st.builds("({}) or ({})".format, inner, inner),
        st.builds("not ({})".format, inner), st.builds("{} and {}".format, LEAVES, LEAVES),
    ),
    max_leaves=6,
)  # fmt: skip
VALUES = st.sampled_from([0.0, 1.0, 2.0, 2.5, 10.0, 100.0, -3.0])


@settings(max_examples=400)
@given(
    EXPRESSIONS,
    st.lists(
        st.tuples(VALUES, VALUES, VALUES, st.sampled_from(["gold", "silver"]), st.booleans(), st.booleans()),
        min_size=1, max_size=8,
    ),
)  # fmt: skip
def test_it_means_what_pandas_says(text, rows):
    frame = pd.DataFrame(rows, columns=["calls", "revenue", "cost", "segment", "advocate", "let_go"])
    frame["segment"] = frame["segment"].astype(object)
    columns = {name: frame[name].to_numpy() for name in frame}
    columns |= {name: frame[name].to_numpy().astype(np.int8) for name in ("advocate", "let_go")}
    columns["segment"] = np.array(frame["segment"].tolist(), dtype=object)
    expected = frame.eval(text, engine="python")
    assert compiled(text)(columns, len(frame)).tolist() == np.asarray(expected, dtype=bool).tolist()
    assert (
        frame.query(text, engine="python").index.tolist()
        == np.flatnonzero(compiled(text)(columns, len(frame))).tolist()
    )
