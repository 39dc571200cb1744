"""Collection is held back while a report is made, and goes on afterwards, whatever happened."""

import gc

import pytest

from wom_sim._collection import uncollected
from wom_sim.cli import main


def test_it_is_held_back_and_goes_on():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled(), "who held it back first lets it go on"
    assert gc.isenabled()


def test_it_goes_on_after_an_error():
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()


def test_what_was_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(("command", "option"), [("report", "--one-page"), ("deck", "--template")])
def test_the_commands_keep_their_options(command, option, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert not ended.value.code and option in capsys.readouterr().out
    assert gc.isenabled()
