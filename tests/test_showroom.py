"""The demo finds a port, also when other programs have taken some."""

import socket

import pytest

from sandbox import showroom
from sandbox.console import Failure


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_passed_over(taken_port):
    port = showroom.free_port(taken_port)
    assert taken_port < port < taken_port + showroom.PORTS_TRIED


def test_when_all_are_taken_the_sentence_names_the_option(taken_port):
    with pytest.raises(Failure, match="choose with --port"):
        showroom.free_port(taken_port, tried=1)


def test_every_persona_has_a_login():
    assert list(showroom.PERSONAS) == [
        "sales",
        "manager",
        "planner",
        "buyer",
        "channel",
        "general",
        "admin",
        "customer",
        "dealer",
    ]
