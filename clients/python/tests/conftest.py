"""The cluster that `clients/test` started: its address and key are in the environment, as callers have them."""

import os
import uuid

import pytest

from polyptych import Client, JobRequest


@pytest.fixture(scope="session")
def client():
    with Client() as client:
        yield client


@pytest.fixture(scope="session")
def done(client):
    """A job that is done."""
    return client.submit(cats(seed=7)).wait()


def cats(**more):
    usual = {"task": "couple-profile", "prompt": "two cats", "panels": ["a black cat", "a white cat"], "steps": 4}
    return JobRequest.model_validate({**usual, **more})


def behind(fault):
    """A client on whose way something goes wrong; faults.py has the list."""
    return Client(f"{os.environ['FAULTS']}/{fault}")


def fresh():
    return uuid.uuid4().hex
