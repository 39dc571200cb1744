"""The line of every key, in every shape that TOML has."""

import tomllib

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from wom_sim.scenario.toml_lines import locate

SHAPES = '''\
# a comment with [brackets] and = signs
plain = 1
"quoted key" = "with = and # and [" # comment
'single' = 'C:\\'
dotted.key."with.dot" = 2
text = """
fake = 1
[fake]
""\\"""" # """
raw = \'\'\'
it''s \'\'\'\'\'
numbers = [ 1, # one ]
  2,
  [ 3,
    4 ], ]
inline = { a = 1, b.c = { d = [
  5 ] } }
when = 1979-05-27 07:32:00
empty = ""
nothing = []
blank = {}

[table] # comment
x = 1
  [ table . "sub table" ]
  y = 2
[[items]]
name = "a"
[items.inner]
z = 1
[[items.deep]]
w = 1
[[items.deep]]
w = 2
[[items]]
name = "b"
[[items.deep]]
w = 3
[later.sub]
k = 1
[later]
k = 2'''


def test_every_shape():
    lines = locate(SHAPES)
    expected = {
        ("plain",): 2,
        ("quoted key",): 3,
        ("single",): 4,
        ("dotted",): 5,
        ("dotted", "key", "with.dot"): 5,
        ("text",): 6,
        ("raw",): 10,
        ("numbers",): 12,
        ("numbers", 0): 12,
        ("numbers", 1): 13,
        ("numbers", 2): 14,
        ("numbers", 2, 1): 15,
        ("inline", "a"): 16,
        ("inline", "b", "c", "d"): 16,
        ("inline", "b", "c", "d", 0): 17,
        ("when",): 18,
        ("blank",): 21,
        ("table",): 23,
        ("table", "x"): 24,
        ("table", "sub table"): 25,
        ("table", "sub table", "y"): 26,
        ("items",): 27,
        ("items", 0): 27,
        ("items", 0, "name"): 28,
        ("items", 0, "inner", "z"): 30,
        ("items", 0, "deep", 0): 31,
        ("items", 0, "deep", 1, "w"): 34,
        ("items", 1): 35,
        ("items", 1, "deep", 0, "w"): 38,
        ("later", "sub"): 39,
        ("later",): 41,
        ("later", "k"): 42,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert set(lines) == set(paths(tomllib.loads(SHAPES)))


def test_windows_line_ends():
    assert locate("a = 1\r\n[b]\r\nc = 2\r\n")[("b", "c")] == 3


def test_nothing():
    assert locate("") == {(): 1}
    assert locate("# only a comment") == {(): 1}


def paths(data, path=()):
    """Every path of plain data."""
    yield path
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inner:
        yield from paths(value, (*path, part))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['"', "'''", '"""', "\\", "a\nb = 1\n[c]\n", "#", "]", "}"]
)
SCALAR = st.integers(-5, 5) | st.booleans() | TEXT | st.floats(allow_nan=False) | st.dates() | st.datetimes()
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(TEXT, VALUE, max_size=5), st.booleans())
def test_finds_exactly_the_paths_that_tomllib_reads(data, multiline):
    text = tomli_w.dumps(data, multiline_strings=multiline)
    lines = locate(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 3)), max_size=6))
def test_a_key_stands_on_the_line_that_it_is_found_on(blocks):
    """Tables and arrays of tables with padding between them: each key's line is the one that was written."""
    written, expected, counts, seen = [], {}, {}, set()
    for name, array, padding in blocks:
        if name in seen or (name in counts and not array):
            continue
        written += ["# x = 1"] * padding
        if array:
            path = (name, counts.get(name, 0))
            counts[name] = counts.get(name, 0) + 1
        else:
            path = (name,)
            seen.add(name)
        written += [f"[[{name}]]" if array else f"[{name}]", "", 'key = """', 'key = 2"""']
        expected[path] = len(written) - 3
        expected[(*path, "key")] = len(written) - 1
    lines = locate("\n".join(written))
    assert {path: lines[path] for path in expected} == expected


@pytest.mark.parametrize("between", [",", ", ", ",\n", " ,\n  "])
def test_a_long_list_of_numbers_has_the_lines_that_a_short_one_has(monkeypatch, between):
    text = f"a = 1\n[c]\nids = [{between.join(map(str, range(500)))}]\nb = [1, 2]\n[d]\nx = 3\n"
    slow = locate(text)
    monkeypatch.setattr("wom_sim.scenario.toml_lines._LONG", 100)
    fast = locate(text)

    def line(path):
        return next(fast[path[:n]] for n in range(len(path), -1, -1) if path[:n] in fast)

    assert {path: line(path) for path in slow} == slow
    assert len(fast) < len(slow), "the short way was taken"
